/** A value of OTLP's JSON encoding. */
export interface AnyValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string | number;
  doubleValue?: number;
  bytesValue?: string;
  arrayValue?: { values?: AnyValue[] };
  kvlistValue?: { values?: KeyValue[] };
}

export interface KeyValue {
  key: string;
  value: AnyValue;
}

/** Attributes as plain values; integers as numbers. */
export type Attributes = Record<string, unknown>;

export interface Scope {
  name?: string;
  version?: string;
  attributes: Attributes;
}

/** A span, with the resource and scope that it came under. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attributes;
  events: { name: string; timeUnixNano: string; attributes: Attributes }[];
  links: { traceId: string; spanId: string; traceState?: string; attributes: Attributes }[];
  /** 0 unset, 1 ok, 2 error. */
  status: { code: number; message: string };
  resource: Attributes;
  scope: Scope;
}

export interface LogRecord {
  traceId?: string;
  spanId?: string;
  timeUnixNano?: string;
  severityNumber?: number;
  severityText?: string;
  eventName?: string;
  body: unknown;
  attributes: Attributes;
  resource: Attributes;
  scope: Scope;
}

export interface DataPoint {
  attributes: Attributes;
  /** A sum's or gauge's value. */
  value?: number;
  count?: number;
  sum?: number;
  bucketCounts?: number[];
  explicitBounds?: number[];
}

export interface Metric {
  name: string;
  unit: string;
  description: string;
  type: "gauge" | "sum" | "histogram" | "exponentialHistogram" | "summary";
  points: DataPoint[];
  resource: Attributes;
  scope: Scope;
}

/** The plain value of an OTLP value. */
export function plain(value: AnyValue = {}): unknown {
  if (value.intValue !== undefined) {
    return Number(value.intValue);
  }
  if (value.arrayValue !== undefined) {
    return (value.arrayValue.values ?? []).map(plain);
  }
  if (value.kvlistValue !== undefined) {
    return attributesOf(value.kvlistValue.values);
  }
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? null;
}

/** A list of key and value as one object. */
export function attributesOf(list: KeyValue[] = []): Attributes {
  return Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]));
}

/** Every span of a parsed trace request. */
export function spansOf(body: unknown): Span[] {
  return records<RawSpan>(body, "resourceSpans", "scopeSpans", "spans").map(spanOf);
}

/** Every log record of a parsed log request. */
export function logsOf(body: unknown): LogRecord[] {
  return records<RawLog>(body, "resourceLogs", "scopeLogs", "logRecords").map(logOf);
}

/** Every metric of a parsed metric request. */
export function metricsOf(body: unknown): Metric[] {
  return records<RawMetric>(body, "resourceMetrics", "scopeMetrics", "metrics").map(
    ({ record, resource, scope }) => {
      const type = TYPES.find((each) => record[each] !== undefined) ?? "gauge";
      return {
        name: record.name,
        unit: record.unit ?? "",
        description: record.description ?? "",
        type,
        points: (record[type]?.dataPoints ?? []).map(pointOf),
        resource,
        scope,
      };
    },
  );
}

const TYPES = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"] as const;

/** A type of OTLP as it is on the wire: attributes as a list, and absent when there are none. */
type Raw<T> = Omit<T, "attributes" | "resource" | "scope"> & { attributes?: KeyValue[] };
type RawSpan = Raw<Omit<Span, "events" | "links" | "status" | "kind">> & {
  kind?: number;
  events?: Raw<Span["events"][number]>[];
  links?: Raw<Span["links"][number]>[];
  status?: { code?: number; message?: string };
};
type RawLog = Raw<Omit<LogRecord, "body">> & { body?: AnyValue };
type RawMetric = { name: string; unit?: string; description?: string } & {
  [type in Metric["type"]]?: { dataPoints?: RawPoint[] };
};

interface RawPoint {
  attributes?: KeyValue[];
  asInt?: string | number;
  asDouble?: number;
  count?: string | number;
  sum?: number;
  bucketCounts?: (string | number)[];
  explicitBounds?: number[];
}

interface Group {
  resource?: { attributes?: KeyValue[] };
  scope?: { name?: string; version?: string; attributes?: KeyValue[] };
}

interface Placed<R> {
  record: R;
  resource: Attributes;
  scope: Scope;
}

/** Walks resource, scope, record; the three names differ by signal. */
function records<R>(body: unknown, resources: string, scopes: string, items: string): Placed<R>[] {
  return listed<Group>(body, resources).flatMap((group) =>
    listed<Group>(group, scopes).flatMap((inner) =>
      listed<R>(inner, items).map((record) => ({
        record,
        resource: attributesOf(group.resource?.attributes),
        scope: { ...inner.scope, attributes: attributesOf(inner.scope?.attributes) },
      })),
    ),
  );
}

function listed<T>(group: unknown, name: string): T[] {
  return (group as Record<string, T[] | undefined>)[name] ?? [];
}

function spanOf({ record, resource, scope }: Placed<RawSpan>): Span {
  return {
    ...record,
    kind: record.kind ?? 0,
    attributes: attributesOf(record.attributes),
    events: (record.events ?? []).map(withPlainAttributes),
    links: (record.links ?? []).map(withPlainAttributes),
    status: { code: record.status?.code ?? 0, message: record.status?.message ?? "" },
    resource,
    scope,
  };
}

function logOf({ record, resource, scope }: Placed<RawLog>): LogRecord {
  const attributes = attributesOf(record.attributes);
  return { ...record, body: plain(record.body), attributes, resource, scope };
}

function withPlainAttributes<T extends { attributes?: KeyValue[] }>(
  raw: T,
): Omit<T, "attributes"> & { attributes: Attributes } {
  return { ...raw, attributes: attributesOf(raw.attributes) };
}

function pointOf(point: RawPoint): DataPoint {
  const { asInt, asDouble, count, bucketCounts, ...rest } = point;
  return {
    ...rest,
    attributes: attributesOf(point.attributes),
    ...(asInt === undefined && asDouble === undefined ? {} : { value: Number(asInt ?? asDouble) }),
    ...(count === undefined ? {} : { count: Number(count) }),
    ...(bucketCounts === undefined ? {} : { bucketCounts: bucketCounts.map(Number) }),
  };
}
