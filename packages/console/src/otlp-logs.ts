import {
  asInteger,
  asSpanId,
  asText,
  asTraceId,
  eachItem,
  readAnyValue,
  readAttributes,
  type Attributes,
  type AttributeValue,
} from "./otlp-values.ts";

/** A log record as it was received. Text is as sent: clean it before it is printed. */
export interface StoredLog {
  /** Nanoseconds since 1970. */
  timeNs: bigint;
  /** 1 to 24, as OpenTelemetry numbers them; 0 when the sender gave none. */
  severityNumber: number;
  severityText: string;
  eventName: string;
  body: AttributeValue;
  attributes: Attributes;
  traceId?: string;
  spanId?: string;
  service: string;
  scope: string;
  resource: Attributes;
}

/** Reads the JSON form of ExportLogsServiceRequest. */
export function readLogs(body: unknown): { items: StoredLog[]; rejected: number } {
  const items: StoredLog[] = [];
  eachItem(body, ["resourceLogs", "scopeLogs", "logRecords"], (record, sender) => {
    const traceId = asTraceId(record["traceId"]);
    const spanId = asSpanId(record["spanId"]);
    const observed = asInteger(record["observedTimeUnixNano"]) ?? 0n;
    items.push({
      timeNs: asInteger(record["timeUnixNano"]) || observed,
      severityNumber: Number(record["severityNumber"] ?? 0) || 0,
      severityText: asText(record["severityText"]),
      eventName: asText(record["eventName"]),
      body: readAnyValue(record["body"]),
      attributes: readAttributes(record["attributes"]),
      ...(traceId !== undefined && { traceId }),
      ...(spanId !== undefined && { spanId }),
      ...sender,
    });
  });
  return { items, rejected: 0 };
}
