import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from "@opentelemetry/semantic-conventions";
import { addHeaders, listedHeader, settings } from "./request-settings.ts";
import { knownMethod } from "./method.ts";

/** A request as undici publishes it. */
export interface FetchedRequest {
  method: string;
  /** Of a `Client` also a URL. */
  origin: string | URL;
  path: string;
  /** In undici before 6 one text of lines, since then names and values in turn. */
  headers: string | (string | string[])[];
  addHeader?: (name: string, value: string) => void;
}

/** Scheme, host and port of an origin, and how a URL of it begins. */
interface Origin {
  scheme: string;
  address: string;
  port: number;
  start: string;
}

/** The attributes that a span of `fetch` starts with. */
export function fetchedAttributes(request: FetchedRequest): Attributes {
  const { method } = request;
  const known = knownMethod(method);
  const { scheme, address, port, start } = originOf(String(request.origin));
  const { path, query } = pathOf(request.path, start);
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: known,
    [ATTR_URL_FULL]: `${start}${path}${query}`,
    [ATTR_URL_PATH]: path,
    [ATTR_URL_SCHEME]: scheme,
    [ATTR_SERVER_ADDRESS]: address,
    [ATTR_SERVER_PORT]: port,
  };
  if (query !== "") attributes[ATTR_URL_QUERY] = query;
  if (known !== method) attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = method;
  const agent = userAgent(request.headers);
  if (agent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = agent;
  const { requestHeaders } = settings.fetch.client;
  addHeaders(attributes, "request", requestHeaders, (name) => listedHeader(request.headers, name));
  return attributes;
}

// A service asks few hosts again and again. Bounded, because one may ask any.
const origins = new Map<string, Origin>();
const MOST_ORIGINS = 64;

function originOf(text: string): Origin {
  const known = origins.get(text);
  if (known !== undefined) return known;
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  const found = { scheme, address: url.hostname, port, start: `${url.protocol}//${url.host}` };
  if (origins.size >= MOST_ORIGINS) origins.clear();
  origins.set(text, found);
  return found;
}

// What `new URL` writes as it is.
const PLAIN = /^\/(?!\/)[\w\-.~!$&()*+,;=:@/]*(?:\?[\w\-.~!$&()*+,;=:@/?%]+)?$/;

function pathOf(target: string, start: string): { path: string; query: string } {
  if (PLAIN.test(target) && !target.includes("/.")) {
    const mark = target.indexOf("?");
    if (mark === -1) return { path: target, query: "" };
    return { path: target.slice(0, mark), query: target.slice(mark) };
  }
  const { pathname, search } = new URL(target, start);
  return { path: pathname, query: search };
}

function userAgent(headers: FetchedRequest["headers"]): string | undefined {
  if (typeof headers === "string") return /^user-agent:\s*(.*)$/im.exec(headers)?.[1];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at];
    if (typeof name !== "string" || name.length !== 10 || name.toLowerCase() !== "user-agent") {
      continue;
    }
    const value = headers[at + 1];
    return Array.isArray(value) ? value.at(-1) : value;
  }
  return undefined;
}
