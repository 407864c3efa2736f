import type { Field, FieldType, Message } from "./protobuf.ts";

// Field numbers of opentelemetry-proto 1.x; only the fields that a receiver of ours reads. The names are
// those of OTLP's JSON form, so that both forms are read by the same code.

const field = (name: string, type: FieldType): Field => ({ name, type });
const list = (name: string, type: FieldType): Field => ({ name, type, repeated: true });

const anyValue: Message = {
  1: field("stringValue", "string"),
  2: field("boolValue", "bool"),
  3: field("intValue", "int64"),
  4: field("doubleValue", "double"),
  5: field("arrayValue", () => ({ 1: list("values", () => anyValue) })),
  6: field("kvlistValue", () => ({ 1: list("values", () => keyValue) })),
  7: field("bytesValue", "base64"),
};
const keyValue: Message = { 1: field("key", "string"), 2: field("value", () => anyValue) };
const attributes = list("attributes", () => keyValue);
const resource = field("resource", () => ({ 1: attributes }));
const scope = field("scope", () => ({ 1: field("name", "string") }));

const event: Message = {
  1: field("timeUnixNano", "fixed64"),
  2: field("name", "string"),
  3: attributes,
};
const link: Message = { 1: field("traceId", "hex"), 2: field("spanId", "hex"), 4: attributes };
const status: Message = { 2: field("message", "string"), 3: field("code", "uint32") };
const span: Message = {
  1: field("traceId", "hex"),
  2: field("spanId", "hex"),
  4: field("parentSpanId", "hex"),
  5: field("name", "string"),
  6: field("kind", "uint32"),
  7: field("startTimeUnixNano", "fixed64"),
  8: field("endTimeUnixNano", "fixed64"),
  9: attributes,
  11: list("events", () => event),
  13: list("links", () => link),
  15: field("status", () => status),
};

const number: Message = {
  2: field("startTimeUnixNano", "fixed64"),
  3: field("timeUnixNano", "fixed64"),
  4: field("asDouble", "double"),
  6: field("asInt", "sfixed64"),
  7: attributes,
};
const histogram: Message = {
  2: field("startTimeUnixNano", "fixed64"),
  3: field("timeUnixNano", "fixed64"),
  4: field("count", "fixed64"),
  5: field("sum", "double"),
  6: list("bucketCounts", "fixed64"),
  7: list("explicitBounds", "double"),
  9: attributes,
};
const buckets: Message = { 1: field("offset", "sint32"), 2: list("bucketCounts", "int64") };
const exponentialHistogram: Message = {
  1: attributes,
  2: field("startTimeUnixNano", "fixed64"),
  3: field("timeUnixNano", "fixed64"),
  4: field("count", "fixed64"),
  5: field("sum", "double"),
  6: field("scale", "sint32"),
  7: field("zeroCount", "fixed64"),
  8: field("positive", () => buckets),
};
const data = (point: Message): Message => ({
  1: list("dataPoints", () => point),
  2: field("aggregationTemporality", "uint32"),
  3: field("isMonotonic", "bool"),
});
const metric: Message = {
  1: field("name", "string"),
  3: field("unit", "string"),
  5: field("gauge", () => data(number)),
  7: field("sum", () => data(number)),
  9: field("histogram", () => data(histogram)),
  10: field("exponentialHistogram", () => data(exponentialHistogram)),
};

const logRecord: Message = {
  1: field("timeUnixNano", "fixed64"),
  2: field("severityNumber", "uint32"),
  3: field("severityText", "string"),
  5: field("body", () => anyValue),
  6: attributes,
  9: field("traceId", "hex"),
  10: field("spanId", "hex"),
  11: field("observedTimeUnixNano", "fixed64"),
  12: field("eventName", "string"),
};

const scoped = (resources: string, scopes: string, items: string, item: Message): Message => ({
  1: list(resources, () => ({
    1: resource,
    2: list(scopes, () => ({ 1: scope, 2: list(items, () => item) })),
  })),
});

/** ExportTraceServiceRequest. */
export const TRACES_REQUEST: Message = scoped("resourceSpans", "scopeSpans", "spans", span);
/** ExportMetricsServiceRequest. */
export const METRICS_REQUEST: Message = scoped(
  "resourceMetrics",
  "scopeMetrics",
  "metrics",
  metric,
);
/** ExportLogsServiceRequest. */
export const LOGS_REQUEST: Message = scoped("resourceLogs", "scopeLogs", "logRecords", logRecord);
