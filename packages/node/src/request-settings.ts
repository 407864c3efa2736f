import type { Attributes, Span } from "@opentelemetry/api";

/** Names of headers that become attributes of a span. */
export interface CapturedHeaders {
  requestHeaders?: readonly string[];
  responseHeaders?: readonly string[];
}

/** What a configuration file may say of requests, by the names that upstream's instrumentations have. */
export interface RequestSettings {
  server: CapturedHeaders;
  client: CapturedHeaders;
  /** Requests that are made outside of any trace begin none. */
  requiresParent: boolean;
}

/** Settings of `http` and `https`, and those of `fetch` and undici; nothing is captured unless a file asks for it. */
export const settings: { http: RequestSettings; fetch: RequestSettings } = {
  http: { server: {}, client: {}, requiresParent: false },
  fetch: { server: {}, client: {}, requiresParent: false },
};

/** Options that a configuration file may give `http`; others are told and not used. */
export const HTTP_OPTIONS: readonly string[] = [
  "headersToSpanAttributes",
  "requireParentforOutgoingSpans",
];
/** The same, for `undici`. */
export const FETCH_OPTIONS: readonly string[] = [
  "headersToSpanAttributes",
  "requireParentforSpans",
];

/** Takes over what a configuration file says of `http`. */
export function setHttp(options: Readonly<Record<string, unknown>>): void {
  const { server = {}, client = {} } = (options["headersToSpanAttributes"] ?? {}) as {
    server?: CapturedHeaders;
    client?: CapturedHeaders;
  };
  const requiresParent = options["requireParentforOutgoingSpans"] === true;
  settings.http = { server, client, requiresParent };
}

/** Takes over what a configuration file says of `undici`. */
export function setFetch(options: Readonly<Record<string, unknown>>): void {
  const client = (options["headersToSpanAttributes"] ?? {}) as CapturedHeaders;
  const requiresParent = options["requireParentforSpans"] === true;
  settings.fetch = { server: {}, client, requiresParent };
}

/** Adds the named headers that a message has, each as a list of its values. The gate removes credentials. */
export function addHeaders(
  attributes: Attributes,
  kind: "request" | "response",
  names: readonly string[] | undefined,
  valueOf: (name: string) => string | number | readonly string[] | undefined,
): void {
  for (const name of names ?? []) {
    const lower = name.toLowerCase();
    const value = valueOf(lower);
    if (value === undefined) continue;
    attributes[`http.${kind}.header.${lower}`] =
      typeof value === "object" ? [...value] : [String(value)];
  }
}

/** The same of a response, on a span that has begun. */
export function captureResponse(
  span: Span,
  names: readonly string[] | undefined,
  valueOf: Parameters<typeof addHeaders>[3],
): void {
  if (names === undefined) return;
  const captured: Attributes = {};
  addHeaders(captured, "response", names, valueOf);
  span.setAttributes(captured);
}

/** Gives a header from names and values in turn, as undici has them. */
export function listedHeader(headers: unknown, name: string): string | undefined {
  if (typeof headers === "string") {
    const line = headers.split("\r\n").find((each) => each.toLowerCase().startsWith(`${name}:`));
    return line?.slice(name.length + 1).trim();
  }
  if (!Array.isArray(headers)) return undefined;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    // Of a response they are bytes.
    if (String(headers[at]).toLowerCase() === name) return String(headers[at + 1]);
  }
  return undefined;
}
