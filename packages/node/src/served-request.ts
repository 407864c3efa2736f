import type { IncomingMessage } from "node:http";
import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from "@opentelemetry/semantic-conventions";
import parseForwarded from "forwarded-parse";
import { knownMethod } from "./method.ts";
import { addHeaders, settings } from "./request-settings.ts";
import { splitTarget } from "./request-target.ts";

/** The attributes that a server span starts with. */
export function servedAttributes(request: IncomingMessage, scheme: string): Attributes {
  const { headers, method = "GET", url = "/" } = request;
  const socket = socketOf(request);
  const known = knownMethod(method);
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: known,
    [ATTR_URL_SCHEME]: scheme,
    [ATTR_NETWORK_PEER_ADDRESS]: socket.remoteAddress,
    [ATTR_NETWORK_PEER_PORT]: socket.remotePort,
    [ATTR_NETWORK_PROTOCOL_VERSION]: request.httpVersion,
  };
  const target = splitTarget(url);
  if (target !== undefined) {
    attributes[ATTR_URL_PATH] = target.path;
    if (target.query !== "") attributes[ATTR_URL_QUERY] = target.query;
  }
  if (headers["user-agent"] !== undefined) {
    attributes[ATTR_USER_AGENT_ORIGINAL] = headers["user-agent"];
  }
  if (known !== method) attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = method;
  addServer(attributes, request, scheme);
  const client = clientAddress(request);
  if (client !== undefined) attributes[ATTR_CLIENT_ADDRESS] = client;
  addHeaders(attributes, "request", settings.http.server.requestHeaders, (name) => headers[name]);
  return attributes;
}

// As it was called by whoever asked first: proxies tell.
function addServer(attributes: Attributes, { headers }: IncomingMessage, scheme: string): void {
  const forwarded = forwardedBy(headers.forwarded, "host");
  if (forwarded !== undefined) {
    addAuthority(attributes, forwarded["host"] ?? "", forwarded["proto"]);
    return;
  }
  const host = headers["x-forwarded-host"];
  if (typeof host === "string") {
    const proto = headers["x-forwarded-proto"];
    addAuthority(attributes, host, typeof proto === "string" ? proto : undefined);
  } else if (headers.host !== undefined && headers.host !== "") {
    addAuthority(attributes, headers.host, scheme);
  }
}

/** A host as a header names it, and what it says. */
interface Authority {
  host: string;
  scheme: string | undefined;
  address: string;
  port: number | undefined;
}

// Nearly all requests to a service call it the same.
let last: Authority = { host: "", scheme: undefined, address: "", port: undefined };

function addAuthority(attributes: Attributes, host: string, scheme: string | undefined): void {
  if (host !== last.host || scheme !== last.scheme) last = readAuthority(host, scheme);
  attributes[ATTR_SERVER_ADDRESS] = last.address;
  if (last.port !== undefined) attributes[ATTR_SERVER_PORT] = last.port;
}

function readAuthority(host: string, scheme: string | undefined): Authority {
  const [, address, given] = /^([^:]*|\[.*\]):([^:]*)$/.exec(host) ?? [];
  if (address !== undefined) return { host, scheme, address, port: Number(given) };
  const isWhole = !host.includes(":") || (host.startsWith("[") && host.endsWith("]"));
  const port = scheme === "http" ? 80 : scheme === "https" ? 443 : undefined;
  return { host, scheme, address: host, port: isWhole ? port : undefined };
}

// An application may hand a request to its server that came by no socket.
function socketOf(request: {
  socket?: IncomingMessage["socket"];
}): Partial<IncomingMessage["socket"]> {
  return request.socket ?? {};
}

function clientAddress(request: IncomingMessage): string | undefined {
  const { headers } = request;
  const forwarded = forwardedBy(headers.forwarded, "for");
  if (forwarded !== undefined) return withoutPort(forwarded["for"] ?? "");
  const list = headers["x-forwarded-for"];
  const first = Array.isArray(list) ? list[0] : list;
  if (first === undefined || first === "") return socketOf(request).remoteAddress;
  return withoutPort(first.split(",", 1)[0]!.trim());
}

function forwardedBy(
  header: string | undefined,
  key: "for" | "host",
): Record<string, string> | undefined {
  if (header === undefined || header === "") return undefined;
  try {
    return parseForwarded(header).find((entry) => Boolean(entry[key]));
  } catch {
    return undefined; // a header that is none is as good as not there
  }
}

function withoutPort(address: string): string {
  try {
    const { hostname } = new URL(`http://${address}`);
    return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  } catch {
    return address;
  }
}
