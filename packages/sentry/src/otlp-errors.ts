/** One error that the Collector's error route carries, before it is an event. */
export interface OtlpError {
  traceId: string;
  spanId: string;
  /** Nanoseconds since 1970, as OTLP's JSON has it. */
  timeUnixNano: string;
  type: string;
  message: string;
  stack: string;
  level: "error" | "fatal";
  /** Of the span or record, over those of the resource. */
  attributes: Record<string, unknown>;
  /** A recorded exception or an error record; a failed span that says no more; or a failed call, whatever it says. */
  kind: "exception" | "failed" | "call";
  parentSpanId: string;
}

interface KeyValue {
  key?: string;
  value?: Record<string, unknown>;
}
interface OtlpSpan {
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  kind?: number | string;
  endTimeUnixNano?: string;
  attributes?: KeyValue[];
  events?: { name?: string; timeUnixNano?: string; attributes?: KeyValue[] }[];
  status?: { code?: number | string; message?: string };
}
interface OtlpRecord {
  traceId?: string;
  spanId?: string;
  timeUnixNano?: string;
  observedTimeUnixNano?: string;
  severityNumber?: number;
  body?: Record<string, unknown>;
  attributes?: KeyValue[];
}

const ERROR = new Set<unknown>([2, "STATUS_CODE_ERROR"]);
const CALLS = new Set<unknown>([3, 4, "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER"]);
const SEVERITY_ERROR = 17;
const SEVERITY_FATAL = 21;

/** Reads the errors of an OTLP/JSON trace request: a recorded exception each, or the failed span itself. */
export function errorsOfTraces(body: unknown): OtlpError[] {
  return resourcesOf(body, "resourceSpans", "scopeSpans", "spans").flatMap(
    ({ resource, item }): OtlpError[] => {
      const span = item as OtlpSpan;
      if (!ERROR.has(span.status?.code)) return [];
      const attributes = { ...resource, ...attributesOf(span.attributes) };
      const shared = {
        traceId: span.traceId ?? "",
        spanId: span.spanId ?? "",
        parentSpanId: span.parentSpanId ?? "",
        level: "error" as const,
        attributes,
      };
      const isCall = CALLS.has(span.kind);
      const exceptions = (span.events ?? []).filter(({ name }) => name === "exception");
      if (exceptions.length > 0) {
        return exceptions.map(({ attributes: own, timeUnixNano = "0" }) =>
          Object.assign(exceptionOf(attributesOf(own)), shared, {
            timeUnixNano,
            kind: isCall ? ("call" as const) : ("exception" as const),
          }),
        );
      }
      return [
        {
          ...shared,
          kind: isCall ? "call" : "failed",
          timeUnixNano: span.endTimeUnixNano ?? "0",
          type: textOf(attributes["error.type"]) || "SpanError",
          message: span.status?.message || `${span.name ?? "span"} failed`,
          stack: "",
        },
      ];
    },
  );
}

/** Reads the errors of an OTLP/JSON log request: records with an exception, and records at ERROR or above. */
export function errorsOfLogs(body: unknown): OtlpError[] {
  return resourcesOf(body, "resourceLogs", "scopeLogs", "logRecords").flatMap(
    ({ resource, item }): OtlpError[] => {
      const record = item as OtlpRecord;
      const attributes = { ...resource, ...attributesOf(record.attributes) };
      const severity = record.severityNumber ?? 0;
      const isException =
        attributes["exception.type"] !== undefined || attributes["exception.message"] !== undefined;
      if (severity < SEVERITY_ERROR && !isException) return [];
      const text = textOf(valueOf(record.body));
      const said = isException
        ? exceptionOf(attributes)
        : { type: "LogError", message: text || "a log record at ERROR without a body", stack: "" };
      return [
        {
          traceId: record.traceId ?? "",
          spanId: record.spanId ?? "",
          parentSpanId: "",
          timeUnixNano: record.timeUnixNano ?? record.observedTimeUnixNano ?? "0",
          ...said,
          level: severity >= SEVERITY_FATAL ? "fatal" : "error",
          attributes,
          kind: "exception",
        },
      ];
    },
  );
}

function exceptionOf(attributes: Record<string, unknown>): {
  type: string;
  message: string;
  stack: string;
} {
  return {
    type: textOf(attributes["exception.type"]) || "Error",
    message: textOf(attributes["exception.message"]),
    stack: textOf(attributes["exception.stacktrace"]),
  };
}

function resourcesOf(
  body: unknown,
  resources: string,
  scopes: string,
  items: string,
): { resource: Record<string, unknown>; item: unknown }[] {
  return listOf(body, resources).flatMap((entry) => {
    const described = (entry as { resource?: { attributes?: KeyValue[] } }).resource;
    const resource = attributesOf(described?.attributes);
    return listOf(entry, scopes).flatMap((scope) =>
      listOf(scope, items).map((item) => ({ resource, item })),
    );
  });
}

function listOf(value: unknown, key: string): unknown[] {
  const list =
    typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)[key]
      : undefined;
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw new TypeError(`${key} is no list`);
  return list;
}

function attributesOf(pairs: KeyValue[] | undefined): Record<string, unknown> {
  return Object.fromEntries((pairs ?? []).map(({ key = "", value }) => [key, valueOf(value)]));
}

function valueOf(value: Record<string, unknown> | undefined): unknown {
  if (value === undefined) return undefined;
  return (
    value["stringValue"] ??
    value["intValue"] ??
    value["doubleValue"] ??
    value["boolValue"] ??
    JSON.stringify(value)
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
