import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_CURRENCY_EXPONENT,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_AMOUNT_MINOR,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PAYMENT_TYPE,
  ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_MPESA_RESULT_CODE,
  EVENT_FINANCE_CALLBACK_DUPLICATE,
  EVENT_FINANCE_PAYMENT_STATUS_CHANGED,
} from "@assay/semconv";

/** 2026-11-24 08:30:00 UTC. */
const START_MS = Date.UTC(2026, 10, 24, 8, 30);

export const INITIATION = "11111111111111111111111111111111";
export const CALLBACK = "22222222222222222222222222222222";
export const REPEAT = "33333333333333333333333333333333";

/** Nanoseconds of a moment, as OTLP's JSON form writes them. */
export function at(ms: number): string {
  return String(BigInt(Math.round((START_MS + ms) * 1_000)) * 1_000n);
}

export interface SpanSketch {
  trace: string;
  id: number;
  parent?: number;
  name: string;
  kind?: number;
  /** Start and end in milliseconds after the start of the fixture. */
  time: readonly [number, number];
  attributes?: Record<string, unknown>;
  events?: { name: string; ms: number; attributes?: Record<string, unknown> }[];
  links?: { trace: string; id: number }[];
  error?: string;
}

/** A span in OTLP's JSON form. */
export function span(sketch: SpanSketch): Record<string, unknown> {
  const { trace, id, parent, name, kind = 1, time, attributes = {}, error } = sketch;
  return {
    traceId: trace,
    spanId: spanId(id),
    ...(parent !== undefined && { parentSpanId: spanId(parent) }),
    name,
    kind,
    startTimeUnixNano: at(time[0]),
    endTimeUnixNano: at(time[1]),
    attributes: keyValues(attributes),
    events: (sketch.events ?? []).map((event) => ({
      name: event.name,
      timeUnixNano: at(event.ms),
      attributes: keyValues(event.attributes ?? {}),
    })),
    links: (sketch.links ?? []).map((link) => ({ traceId: link.trace, spanId: spanId(link.id) })),
    status: error === undefined ? {} : { code: 2, message: error },
  };
}

export function spanId(id: number): string {
  return id.toString(16).padStart(16, "0");
}

function keyValues(attributes: Record<string, unknown>): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === "number"
        ? { intValue: String(value) }
        : typeof value === "boolean"
          ? { boolValue: value }
          : { stringValue: value },
  }));
}

/** An export request of traces in OTLP's JSON form. */
export function tracesRequest(
  spans: readonly SpanSketch[],
  service = "mpesa-mcp",
): Record<string, unknown> {
  return {
    resourceSpans: [
      {
        resource: { attributes: keyValues({ "service.name": service }) },
        scopeSpans: [{ scope: { name: "test" }, spans: spans.map(span) }],
      },
    ],
  };
}

/** An export request of one counter in OTLP's JSON form. */
export function counterRequest(
  name: string,
  points: readonly (readonly [attributes: Record<string, unknown>, value: number | string])[],
  { aggregationTemporality = 2 }: { aggregationTemporality?: number } = {},
): Record<string, unknown> {
  const dataPoints = points.map(([attributes, asInt]) => ({
    attributes: keyValues(attributes),
    timeUnixNano: at(0),
    asInt,
  }));
  return metricsRequest({ name, sum: { dataPoints, aggregationTemporality, isMonotonic: true } });
}

/** An export request of one histogram in OTLP's JSON form. */
export function histogramRequest(
  name: string,
  explicitBounds: readonly number[],
  points: readonly (readonly [attributes: Record<string, unknown>, counts: readonly number[]])[],
): Record<string, unknown> {
  const dataPoints = points.map(([attributes, counts]) => ({
    attributes: keyValues(attributes),
    timeUnixNano: at(0),
    count: String(counts.reduce((sum, count) => sum + count, 0)),
    sum: 1,
    bucketCounts: counts.map(String),
    explicitBounds,
  }));
  return metricsRequest({ name, unit: "s", histogram: { dataPoints, aggregationTemporality: 2 } });
}

function metricsRequest(metric: Record<string, unknown>): Record<string, unknown> {
  return { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] };
}

const PAYMENT = {
  [ATTR_FINANCE_PAYMENT_ID]: "pay_7Q2",
  [ATTR_FINANCE_PAYMENT_TYPE]: "collection",
  [ATTR_FINANCE_PAYMENT_METHOD]: "mobile_money",
  [ATTR_FINANCE_PROVIDER_NAME]: "safaricom",
  [ATTR_FINANCE_PAYMENT_AMOUNT_MINOR]: 150_000,
  [ATTR_FINANCE_CURRENCY_CODE]: "KES",
  [ATTR_FINANCE_CURRENCY_EXPONENT]: 2,
};

const statusChanged = (status: string, ms: number, result?: string) => ({
  name: EVENT_FINANCE_PAYMENT_STATUS_CHANGED,
  ms,
  attributes: {
    [ATTR_FINANCE_PAYMENT_STATUS]: status,
    ...(result !== undefined && { [ATTR_MPESA_RESULT_CODE]: result }),
  },
});

/** A payment of three traces: its initiation, its callback, and the same callback again. */
export const PAYMENT_SPANS: readonly SpanSketch[] = [
  {
    trace: REPEAT,
    id: 30,
    name: "POST /daraja/callback",
    kind: 2,
    time: [3_310, 3_318],
    attributes: { "http.route": "/daraja/callback", "http.response.status_code": 200 },
  },
  {
    trace: REPEAT,
    id: 31,
    parent: 30,
    name: "settle collection",
    time: [3_311, 3_317],
    attributes: { ...PAYMENT, [ATTR_FINANCE_PROVIDER_CALLBACK_TYPE]: "duplicate" },
    events: [{ name: EVENT_FINANCE_CALLBACK_DUPLICATE, ms: 3_316 }],
    links: [{ trace: INITIATION, id: 11 }],
  },
  {
    trace: CALLBACK,
    id: 20,
    name: "POST /daraja/callback",
    kind: 2,
    time: [2_310, 2_330],
    attributes: { "http.route": "/daraja/callback", "http.response.status_code": 200 },
  },
  {
    trace: CALLBACK,
    id: 21,
    parent: 20,
    name: "settle collection",
    time: [2_312, 2_329],
    attributes: {
      ...PAYMENT,
      [ATTR_FINANCE_PAYMENT_STATUS]: "completed",
      [ATTR_FINANCE_OUTCOME]: "completed",
      [ATTR_FINANCE_PROVIDER_CALLBACK_TYPE]: "result",
      [ATTR_MPESA_RESULT_CODE]: "0",
    },
    events: [statusChanged("completed", 2_328, "0")],
    links: [{ trace: INITIATION, id: 11 }],
  },
  {
    trace: INITIATION,
    id: 10,
    name: "POST /payments",
    kind: 2,
    time: [0, 142],
    attributes: { "http.route": "/payments", "http.response.status_code": 201 },
  },
  {
    trace: INITIATION,
    id: 11,
    parent: 10,
    name: "initiate collection",
    time: [2, 140],
    attributes: { ...PAYMENT, [ATTR_FINANCE_PAYMENT_STATUS]: "processing" },
    events: [statusChanged("processing", 138)],
  },
  {
    trace: INITIATION,
    id: 12,
    parent: 11,
    name: "pg.query:INSERT payments into the table of payments",
    kind: 3,
    time: [3, 3.85],
  },
  {
    trace: INITIATION,
    id: 13,
    parent: 11,
    name: "POST",
    kind: 3,
    time: [5, 135],
    attributes: { "http.response.status_code": 200 },
  },
];
