import { ATTR_ASSAY_ERROR_ID } from "@assay/semconv/assay";
import { ATTR_FINANCE_ERROR_SEVERITY } from "@assay/semconv/error";
import { ERROR_SEVERITIES } from "@assay/semconv/severities";

/** One error that the Collector's error route carries, before it is an event. */
export interface OtlpError {
  traceId: string;
  spanId: string;
  /** Nanoseconds since 1970, as OTLP's JSON has it. */
  timeUnixNano: string;
  /** The id that the error carries; empty for one of other origin. */
  id: string;
  type: string;
  message: string;
  stack: string;
  level: "error" | "fatal";
  /** Of the span or record, over those of the resource. */
  attributes: Record<string, unknown>;
  /** A recorded exception or an error record; a failed span that says no more; or a failed call to elsewhere. */
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
        level: levelOf(severityOf(attributes)),
        attributes,
      };
      const exceptions = (span.events ?? []).filter(({ name }) => name === "exception");
      if (exceptions.length > 0) {
        // The span of a captured error carries the id where the SDK does not put it on the event.
        const { [ATTR_ASSAY_ERROR_ID]: id } = attributes;
        return exceptions.map(({ attributes: own, timeUnixNano = "0" }) =>
          Object.assign(exceptionOf({ [ATTR_ASSAY_ERROR_ID]: id, ...attributesOf(own) }), shared, {
            timeUnixNano,
            kind: "exception" as const,
          }),
        );
      }
      return [
        {
          ...shared,
          kind: CALLS.has(span.kind) ? "call" : "failed",
          id: "",
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
        : {
            id: "",
            type: "LogError",
            message: text || "a log record at ERROR without a body",
            stack: "",
          };
      return [
        {
          traceId: record.traceId ?? "",
          spanId: record.spanId ?? "",
          parentSpanId: "",
          timeUnixNano: record.timeUnixNano ?? record.observedTimeUnixNano ?? "0",
          ...said,
          level: levelOf(severity),
          attributes,
          kind: "exception",
        },
      ];
    },
  );
}

function levelOf(severity: number): OtlpError["level"] {
  return severity >= SEVERITY_FATAL ? "fatal" : "error";
}

/** Of a span, by what the application says of its error. */
function severityOf(attributes: Record<string, unknown>): number {
  const { [ATTR_FINANCE_ERROR_SEVERITY]: name } = attributes;
  return typeof name === "string" && Object.hasOwn(ERROR_SEVERITIES, name)
    ? ERROR_SEVERITIES[name as keyof typeof ERROR_SEVERITIES].severityNumber
    : SEVERITY_ERROR;
}

function exceptionOf(
  attributes: Record<string, unknown>,
): Pick<OtlpError, "id" | "type" | "message" | "stack"> {
  return {
    id: textOf(attributes[ATTR_ASSAY_ERROR_ID]),
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
