import type { ClientRequest } from "node:http";
import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  ATTR_USER_AGENT_ORIGINAL,
} from "@opentelemetry/semantic-conventions";
import { knownMethod } from "./method.ts";
import { addHeaders, settings } from "./request-settings.ts";
import { splitTarget } from "./request-target.ts";

/** What a request was asked with that it does not tell itself: agents are given it. */
export type AskedWith = { port?: unknown; auth?: unknown } | null | undefined;

/** The attributes that a client span starts with. */
export function madeAttributes(request: ClientRequest, asked: AskedWith): Attributes {
  const { method } = request;
  const known = knownMethod(method);
  const port = portOf(request, asked);
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: known,
    [ATTR_SERVER_ADDRESS]: request.host,
    [ATTR_SERVER_PORT]: port,
    [ATTR_URL_FULL]: fullUrl(request, port, asked?.auth),
  };
  if (known !== method) attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = method;
  const agent = request.getHeader("user-agent");
  if (agent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = agent;
  const { requestHeaders } = settings.http.client;
  addHeaders(attributes, "request", requestHeaders, (name) => request.getHeader(name));
  return attributes;
}

function defaultPort({ protocol }: ClientRequest): number {
  return protocol === "https:" ? 443 : 80;
}

// An agent that is not Node's, and a request without one, leave the port in the header alone.
function portOf(request: ClientRequest, asked: AskedWith): number {
  const port = Number(asked?.port ?? /:(\d+)$/.exec(String(request.getHeader("host") ?? ""))?.[1]);
  return Number.isInteger(port) ? port : defaultPort(request);
}

function fullUrl(request: ClientRequest, port: number, auth: unknown): string {
  const { protocol, host, path } = request;
  // What is asked of a proxy names its own host.
  const isWhole = path.startsWith("http:") || path.startsWith("https:");
  const credentials =
    auth === undefined || auth === null || auth === "" ? "" : "REDACTED:REDACTED@";
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const authority = port === defaultPort(request) ? name : `${name}:${port}`;
  return `${isWhole ? "" : `${protocol}//${credentials}${authority}`}${cleanPath(path)}`;
}

function cleanPath(path: string): string {
  const mark = path.indexOf("?");
  if (mark === -1) return path;
  const isWhole = !path.startsWith("/");
  const target = isWhole ? undefined : splitTarget(path);
  if (target !== undefined) return `${target.path}?${target.query}`;
  // A query that cannot be read cannot be cleaned.
  return path.slice(0, mark);
}
