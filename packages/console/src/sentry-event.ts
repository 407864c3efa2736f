import type { StoredError } from "./errors.ts";
import { asObject, asSpanId, asText, asTraceId } from "./otlp-values.ts";

/**
 * Reads a Sentry event into an error: the outermost exception, its trace, level, release and
 * fingerprint. `receivedNs` is used when the event has no time of its own.
 */
export function readSentryEvent(event: Record<string, unknown>, receivedNs: bigint): StoredError {
  // Sentry lists a chain of causes oldest first; the last one is the error that was captured.
  const exception = asObject(asArray(asObject(event["exception"])["values"]).at(-1));
  const { trace_id, span_id } = asObject(asObject(event["contexts"])["trace"]);
  const traceId = asTraceId(trace_id);
  const spanId = asSpanId(span_id);
  const location = locationOf(asObject(exception["stacktrace"])["frames"]);
  const entry = asObject(event["logentry"]);
  return {
    sources: ["sentry"],
    type: asText(exception["type"]) || "Message",
    message:
      asText(exception["value"]) ||
      asText(event["message"]) ||
      asText(entry["formatted"]) ||
      asText(entry["message"]),
    level: asText(event["level"]) || "error",
    timeNs: timeOf(event["timestamp"]) ?? receivedNs,
    count: 1,
    fingerprint: asArray(event["fingerprint"]).filter((part) => typeof part === "string"),
    service: asText(asObject(event["tags"])["service.name"]),
    release: asText(event["release"]),
    environment: asText(event["environment"]),
    eventId: asText(event["event_id"]),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(location !== undefined && { location }),
  };
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

// Frames are listed outermost first; the last one of the application is where to look.
function locationOf(value: unknown): string | undefined {
  const frames = asArray(value).map(asObject);
  const frame = frames.findLast((candidate) => candidate["in_app"] === true) ?? frames.at(-1);
  const file = asText(frame?.["filename"]);
  if (file === "") return undefined;
  const line = frame?.["lineno"];
  const called = asText(frame?.["function"]);
  return `${file}${typeof line === "number" ? `:${line}` : ""}${called === "" ? "" : ` in ${called}`}`;
}

function timeOf(value: unknown): bigint | undefined {
  const seconds = typeof value === "string" ? Date.parse(value) / 1000 : value;
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return undefined;
  return BigInt(Math.round(seconds * 1000)) * 1_000_000n;
}
