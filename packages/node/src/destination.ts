import {
  type Attributes,
  type Context,
  createContextKey,
  SpanKind,
  trace,
} from "@opentelemetry/api";
import { hostOf } from "./host.ts";
import type { Target } from "./boundary.ts";

/** Under this key of a context an application says where it injects to when no client span does. */
const NAMED = createContextKey("assay.propagate.to");

// A service asks the same few hosts; those that a caller chooses must not fill the memory.
const MOST_KNOWN = 1_024;
const known = new Map<string, string | undefined>();

/**
 * Says where what is injected into goes, or `undefined` when that is not known.
 *
 * It is what the span of the request says, and no other span's: of a server's span `server.address` is this service, or
 * whatever its caller wrote into the Host header.
 */
export function destinationOf(context: Context): Target | undefined {
  const span = trace.getSpan(context) as { kind?: SpanKind; attributes?: Attributes } | undefined;
  const { kind, attributes } = span ?? {};
  if (attributes !== undefined && (kind === SpanKind.CLIENT || kind === SpanKind.PRODUCER)) {
    const address = attributes["server.address"] ?? attributes["net.peer.name"];
    const destination = queueOf(attributes);
    if (typeof address === "string") {
      const host = knownHostOf(address);
      if (host === undefined || !isSameHost(attributes["url.full"], address)) return undefined;
      const port = Number(attributes["server.port"] ?? attributes["net.peer.port"] ?? Number.NaN);
      return {
        host,
        ...(Number.isInteger(port) ? { port } : {}),
        ...(destination === undefined ? {} : { destination }),
      };
    }
    if (destination !== undefined) return { destination };
  }
  const named = context.getValue(NAMED);
  return typeof named === "string" ? targetOf(named) : undefined;
}

function knownHostOf(address: string): string | undefined {
  if (known.has(address)) return known.get(address);
  const host = hostOf(address);
  if (known.size < MOST_KNOWN) known.set(address, host);
  return host;
}

function queueOf(attributes: Attributes): string | undefined {
  const system = attributes["messaging.system"];
  const name = attributes["messaging.destination.name"] ?? attributes["messaging.destination"];
  return typeof system === "string" && typeof name === "string" ? `${system}/${name}` : undefined;
}

/**
 * A request to a forward proxy has the proxy's address and the whole URL of somebody else behind it. Then the text of
 * the URL goes on where a port or a path should be.
 */
function isSameHost(url: unknown, address: string): boolean {
  if (typeof url !== "string") return true;
  const from = url.indexOf("://") + 3;
  // "https://" is the longest that goes the short way.
  if (
    from > 2 &&
    from <= 8 &&
    url.startsWith(address, from) &&
    isEndOfHost(url, from + address.length)
  )
    return true;
  const [, authority = ""] = /^[a-z][a-z+.-]*:\/\/([^/?#]*)/i.exec(url) ?? [];
  const [host, port] = split(authority.slice(authority.lastIndexOf("@") + 1));
  return hostOf(host) === hostOf(address) && /^(?::\d{1,5})?$/.test(port);
}

// Nothing more, or a port and then nothing more of the authority.
function isEndOfHost(url: string, at: number): boolean {
  let end = at;
  if (url[end] === ":") {
    end += 1;
    while (end <= at + 5 && isDigit(url.charCodeAt(end))) end += 1;
  }
  return end === url.length || "/?#".includes(url[end] ?? "");
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

// "host", then ":port" or what is there instead.
function split(authority: string): [string, string] {
  const end = authority.indexOf(":", authority.lastIndexOf("]") + 1);
  // Some write an IPv6 address without its brackets.
  const isBare = !authority.startsWith("[") && authority.split(":").length > 2;
  if (end === -1 || isBare) return [authority, ""];
  return [authority.slice(0, end), authority.slice(end)];
}

function targetOf(text: string): Target | undefined {
  if (/^[a-z]\w*\//i.test(text)) return { destination: text };
  const [name, rest] = split(text);
  const host = hostOf(name);
  if (host === undefined || !/^(?::\d{1,5})?$/.test(rest)) return undefined;
  return { host, ...(rest === "" ? {} : { port: Number(rest.slice(1)) }) };
}
