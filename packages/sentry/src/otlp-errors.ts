import { ATTR_ASSAY_ERROR_ID } from "@assay/semconv/assay";
import { ATTR_FINANCE_ERROR_SEVERITY } from "@assay/semconv/error";
import { ERROR_SEVERITIES } from "@assay/semconv/severities";

/** One error that the Collector's error route carries, before it is an event. */
export interface OtlpError {
  traceId: string;
  spanId: string;
  /** Nanoseconds since 1970, in digits. */
  timeUnixNano: string;
  /** The id that the error carries; empty for one of other origin. */
  id: string;
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

/** The errors of a request, and how many spans or records of it could not be read. */
export interface ReadErrors {
  errors: OtlpError[];
  unreadable: number;
}

/** Reads the errors of a trace request in OTLP's JSON form: a recorded exception each, or the failed span itself. */
export function errorsOfTraces(body: unknown): ReadErrors {
  return readEach(body, ["resourceSpans", "scopeSpans", "spans"], ofSpan);
}

/** Reads the errors of a log request in OTLP's JSON form: records with an exception, and records at ERROR or above. */
export function errorsOfLogs(body: unknown): ReadErrors {
  return readEach(body, ["resourceLogs", "scopeLogs", "logRecords"], ofRecord);
}

function ofSpan(span: OtlpSpan, resource: Record<string, unknown>): OtlpError[] {
  if (!ERROR.has(span.status?.code)) return [];
  const attributes = { ...resource, ...attributesOf(span.attributes) };
  const shared = {
    traceId: textOf(span.traceId),
    spanId: textOf(span.spanId),
    parentSpanId: textOf(span.parentSpanId),
    level: levelOf(severityOf(attributes)),
    attributes,
  };
  const isCall = CALLS.has(span.kind);
  const exceptions = (span.events ?? []).filter(({ name }) => name === "exception");
  if (exceptions.length > 0) {
    // The span of a captured error carries the id where the SDK does not put it on the event.
    const { [ATTR_ASSAY_ERROR_ID]: id } = attributes;
    return exceptions.map(({ attributes: own, timeUnixNano }) =>
      Object.assign(exceptionOf({ [ATTR_ASSAY_ERROR_ID]: id, ...attributesOf(own) }), shared, {
        timeUnixNano: textOf(timeUnixNano) || "0",
        kind: isCall ? ("call" as const) : ("exception" as const),
      }),
    );
  }
  return [
    {
      ...shared,
      kind: isCall ? "call" : "failed",
      id: "",
      timeUnixNano: textOf(span.endTimeUnixNano) || "0",
      type: textOf(attributes["error.type"]) || "SpanError",
      message: textOf(span.status?.message) || `${textOf(span.name) || "span"} failed`,
      stack: "",
    },
  ];
}

function ofRecord(record: OtlpRecord, resource: Record<string, unknown>): OtlpError[] {
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
      traceId: textOf(record.traceId),
      spanId: textOf(record.spanId),
      parentSpanId: "",
      timeUnixNano: textOf(record.timeUnixNano) || textOf(record.observedTimeUnixNano) || "0",
      ...said,
      level: levelOf(severity),
      attributes,
      kind: "exception",
    },
  ];
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

// A part that cannot be read is counted, and the rest of its request is read.
function readEach(
  body: unknown,
  [resources, scopes, items]: readonly [string, string, string],
  errorsOf: (item: object, resource: Record<string, unknown>) => OtlpError[],
): ReadErrors {
  const errors: OtlpError[] = [];
  let unreadable = 0;
  const each = (value: unknown, key: string, read: (entry: object) => void): void => {
    for (const entry of listOf(value, key)) {
      try {
        if (typeof entry !== "object" || entry === null)
          throw new TypeError(`${key} holds no object`);
        read(entry);
      } catch {
        unreadable += 1;
      }
    }
  };
  each(body, resources, (entry) => {
    const described = (entry as { resource?: { attributes?: KeyValue[] } }).resource;
    const resource = attributesOf(described?.attributes);
    each(entry, scopes, (scope) => {
      each(scope, items, (item) => {
        errors.push(...errorsOf(item, resource));
      });
    });
  });
  return { errors, unreadable };
}

function listOf(value: unknown, key: string): unknown[] {
  const list = (value as Record<string, unknown>)[key];
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw new TypeError(`${key} is no list`);
  return list;
}

function attributesOf(pairs: KeyValue[] | undefined): Record<string, unknown> {
  return Object.fromEntries((pairs ?? []).map(({ key = "", value }) => [key, valueOf(value)]));
}

function valueOf(value: Record<string, unknown> | undefined): unknown {
  if (value === undefined) return undefined;
  const integer = value["intValue"];
  return (
    value["stringValue"] ??
    (typeof integer === "bigint" ? String(integer) : integer) ??
    value["doubleValue"] ??
    value["boolValue"] ??
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "bigint" ? String(inner) : inner,
    )
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint"
    ? String(value)
    : "";
}
