import { randomBytes } from "node:crypto";
import type { AnyValue, KeyValue } from "./otlp-json.ts";

/** A value to send: bigint and whole numbers go as OTLP integers, other numbers as doubles. */
export type Plain =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly Plain[]
  | { readonly [key: string]: Plain };

export type PlainAttributes = Record<string, Plain>;

/** What a test says of a span; the rest is filled in. */
export interface SpanSample {
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  traceState?: string;
  name?: string;
  kind?: number;
  durationMs?: number;
  attributes?: PlainAttributes;
  events?: { name: string; attributes?: PlainAttributes }[];
  links?: { traceId: string; spanId: string; traceState?: string; attributes?: PlainAttributes }[];
  /** An error status with this message. */
  error?: string;
}

export interface SourceSample {
  resource?: PlainAttributes;
  scope?: { name: string; version?: string; attributes?: PlainAttributes };
}

/** 32 hex digits. */
export function newTraceId(): string {
  return randomBytes(16).toString("hex");
}

/** 16 hex digits. */
export function newSpanId(): string {
  return randomBytes(8).toString("hex");
}

/** Posts one OTLP JSON request; an answer other than 2xx is an error with its text. */
export async function sendOtlp(
  otlpUrl: string,
  signal: "traces" | "metrics" | "logs",
  body: object,
): Promise<void> {
  const response = await fetch(`${otlpUrl}/v1/${signal}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`POST /v1/${signal} was answered ${response.status}: ${text}`);
  }
}

/** A trace request with these spans, which ended now. */
export function traceRequest(spans: SpanSample[], source: SourceSample = {}): object {
  return {
    resourceSpans: [
      {
        resource: resourceOf(source),
        scopeSpans: [{ scope: scopeOf(source), spans: spans.map(rawSpan) }],
      },
    ],
  };
}

export interface LogSample {
  body?: Plain;
  /** 9 info, 13 warn, 17 error. */
  severityNumber?: number;
  severityText?: string;
  attributes?: PlainAttributes;
  traceId?: string;
  spanId?: string;
}

/** A log request with these records. */
export function logRequest(records: LogSample[], source: SourceSample = {}): object {
  const logRecords = records.map(({ body = "it failed", attributes, ...rest }) => {
    const fixed = { timeUnixNano: nanos(Date.now()), severityNumber: 17, severityText: "ERROR" };
    return Object.assign(fixed, rest, { body: anyValue(body), attributes: keyValues(attributes) });
  });
  return {
    resourceLogs: [
      { resource: resourceOf(source), scopeLogs: [{ scope: scopeOf(source), logRecords }] },
    ],
  };
}

export interface CounterSample {
  name: string;
  value: number;
  unit?: string;
  description?: string;
  attributes?: PlainAttributes;
}

/** A metric request with monotonic cumulative sums that began a minute ago. */
export function counterRequest(counters: CounterSample[], source: SourceSample = {}): object {
  const metrics = counters.map(({ name, value, unit = "1", description = "", attributes }) => {
    const dataPoints = [
      {
        asInt: String(value),
        startTimeUnixNano: nanos(Date.now() - 60_000),
        timeUnixNano: nanos(Date.now()),
        attributes: keyValues(attributes),
      },
    ];
    return {
      name,
      unit,
      description,
      sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true },
    };
  });
  return {
    resourceMetrics: [
      { resource: resourceOf(source), scopeMetrics: [{ scope: scopeOf(source), metrics }] },
    ],
  };
}

/** A plain value in OTLP's JSON encoding. */
export function anyValue(value: Plain): AnyValue {
  if (value instanceof Uint8Array) {
    return { bytesValue: Buffer.from(value).toString("base64") };
  }
  if (typeof value === "string") {
    return { stringValue: value };
  }
  if (typeof value === "boolean") {
    return { boolValue: value };
  }
  if (typeof value === "bigint") {
    return { intValue: value.toString() };
  }
  if (typeof value === "number") {
    return Number.isInteger(value) ? { intValue: value.toString() } : { doubleValue: value };
  }
  if (value === null) {
    return {};
  }
  return isList(value)
    ? { arrayValue: { values: value.map(anyValue) } }
    : { kvlistValue: { values: keyValues(value) } };
}

function isList(
  value: readonly Plain[] | { readonly [key: string]: Plain },
): value is readonly Plain[] {
  return Array.isArray(value);
}

function keyValues(attributes: { readonly [key: string]: Plain } = {}): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function rawSpan({
  durationMs = 5,
  error,
  attributes,
  events = [],
  links = [],
  ...rest
}: SpanSample): object {
  const end = Date.now();
  return {
    traceId: newTraceId(),
    spanId: newSpanId(),
    name: "test",
    kind: 2,
    ...rest,
    startTimeUnixNano: nanos(end - durationMs),
    endTimeUnixNano: nanos(end),
    attributes: keyValues(attributes),
    events: events.map((event) => ({
      name: event.name,
      timeUnixNano: nanos(end),
      attributes: keyValues(event.attributes),
    })),
    links: links.map((link) => ({ ...link, attributes: keyValues(link.attributes) })),
    status: error === undefined ? {} : { code: 2, message: error },
  };
}

function resourceOf({ resource = {} }: SourceSample): object {
  return { attributes: keyValues({ "service.name": "pipeline-test", ...resource }) };
}

function scopeOf({ scope }: SourceSample): object {
  return { ...scope, name: scope?.name ?? "pipeline", attributes: keyValues(scope?.attributes) };
}

function nanos(ms: number): string {
  return String(BigInt(ms) * 1_000_000n);
}
