import type { StoredLog } from "./otlp-logs.ts";
import type { StoredSpan } from "./otlp-traces.ts";
import { asText, type Attributes } from "./otlp-values.ts";

/** The way on which an error arrived. */
export type ErrorSource = "sentry" | "span" | "log";

/** An error, once for each trace, type and message, however often and on whichever way it came. */
export interface StoredError {
  sources: ErrorSource[];
  type: string;
  message: string;
  level: string;
  /** Nanoseconds since 1970. */
  timeNs: bigint;
  /** How often it was received. */
  count: number;
  fingerprint: string[];
  traceId?: string;
  spanId?: string;
  service: string;
  release: string;
  environment: string;
  /** Sentry's id of the event; empty when it did not come from Sentry's client. */
  eventId: string;
  /** File, line and function, where the sender gave them. */
  location?: string;
}

/** Errors from every source, merged by trace, type and message, oldest first. */
export function mergeErrors(errors: Iterable<StoredError>): StoredError[] {
  const merged = new Map<string, StoredError>();
  for (const error of errors) {
    const alone = error.traceId === undefined ? error.eventId : error.traceId;
    const key = JSON.stringify([alone, error.type, error.message]);
    const before = merged.get(key);
    merged.set(key, before === undefined ? error : merge(before, error));
  }
  return [...merged.values()].toSorted((a, b) => compare(a.timeNs, b.timeNs));
}

function merge(before: StoredError, error: StoredError): StoredError {
  return {
    ...error,
    ...before,
    sources: [...new Set([...before.sources, ...error.sources])],
    count: before.count + error.count,
    timeNs: before.timeNs < error.timeNs ? before.timeNs : error.timeNs,
    fingerprint: before.fingerprint.length > 0 ? before.fingerprint : error.fingerprint,
    service: before.service || error.service,
    release: before.release || error.release,
    environment: before.environment || error.environment,
    eventId: before.eventId || error.eventId,
  };
}

/** The exceptions that a span recorded as events. */
export function errorsOfSpan(span: StoredSpan): StoredError[] {
  return span.events
    .filter((event) => event.name === "exception")
    .map(({ attributes, timeNs }) =>
      readException(attributes, { ...span, source: "span", level: "error", timeNs }),
    );
}

/** The exception that a log record carries, if it does. */
export function errorsOfLog(log: StoredLog): StoredError[] {
  if (log.attributes["exception.type"] === undefined) return [];
  const level = log.severityText.toLowerCase() || "error";
  return [readException(log.attributes, { ...log, source: "log", level })];
}

interface ErrorOrigin {
  source: ErrorSource;
  level: string;
  timeNs: bigint;
  traceId?: string;
  spanId?: string;
  service: string;
  resource: Attributes;
}

function readException(
  attributes: Attributes,
  { source, level, timeNs, traceId, spanId, service, resource }: ErrorOrigin,
): StoredError {
  const location = locationOf(asText(attributes["exception.stacktrace"]));
  return {
    sources: [source],
    type: asText(attributes["exception.type"]) || "Error",
    message: asText(attributes["exception.message"]),
    level,
    timeNs,
    count: 1,
    fingerprint: [],
    service,
    release: asText(resource["service.version"]),
    environment: asText(resource["deployment.environment.name"]),
    eventId: "",
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(location !== undefined && { location }),
  };
}

// The first frame that is neither Node's nor a dependency's: "at push (/app/src/daraja.ts:42:7)".
function locationOf(stack: string): string | undefined {
  const frame = stack
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line.startsWith("at ") && !/node:|node_modules/.test(line));
  if (frame === undefined) return undefined;
  const [, called, file] = /^at (.+) \((.+?)(?::\d+)?\)$/.exec(frame) ?? [];
  if (called !== undefined && file !== undefined) return `${file} in ${called}`;
  return frame.slice("at ".length).replace(/:\d+$/, "");
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
