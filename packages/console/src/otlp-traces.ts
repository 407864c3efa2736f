import {
  asInteger,
  asList,
  asObject,
  asSpanId,
  asText,
  asTraceId,
  eachItem,
  readAttributes,
  type Attributes,
} from "./otlp-values.ts";

const KINDS = ["internal", "internal", "server", "client", "producer", "consumer"] as const;

/** The kind of a span, in OpenTelemetry's words. */
export type StoredSpanKind = (typeof KINDS)[number];

/** An event of a span. */
export interface StoredEvent {
  name: string;
  timeNs: bigint;
  attributes: Attributes;
}

/** A link of a span to a span of this or another trace. */
export interface StoredLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

/** A span as it was received. Text is as sent: clean it before it is printed. */
export interface StoredSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: StoredSpanKind;
  /** Nanoseconds since 1970. */
  startNs: bigint;
  /** Nanoseconds since 1970; never before `startNs`. */
  endNs: bigint;
  status: "unset" | "ok" | "error";
  statusMessage: string;
  attributes: Attributes;
  events: StoredEvent[];
  links: StoredLink[];
  service: string;
  scope: string;
  resource: Attributes;
}

/** Reads the JSON form of ExportTraceServiceRequest. Spans without valid ids are counted as rejected. */
export function readTraces(body: unknown): { items: StoredSpan[]; rejected: number } {
  const items: StoredSpan[] = [];
  let rejected = 0;
  eachItem(body, ["resourceSpans", "scopeSpans", "spans"], (span, sender) => {
    const traceId = asTraceId(span["traceId"]);
    const spanId = asSpanId(span["spanId"]);
    const startNs = asInteger(span["startTimeUnixNano"]);
    if (traceId === undefined || spanId === undefined || startNs === undefined) {
      rejected += 1;
      return;
    }
    const parentSpanId = asSpanId(span["parentSpanId"]);
    const endNs = asInteger(span["endTimeUnixNano"]) ?? startNs;
    const { code, message } = asObject(span["status"]);
    items.push({
      traceId,
      spanId,
      ...(parentSpanId !== undefined && { parentSpanId }),
      name: asText(span["name"]),
      kind: KINDS[Number(span["kind"])] ?? "internal",
      startNs,
      endNs: endNs < startNs ? startNs : endNs,
      status: code === 2 ? "error" : code === 1 ? "ok" : "unset",
      statusMessage: asText(message),
      attributes: readAttributes(span["attributes"]),
      events: asList(span["events"], "events").map((event) => readEvent(event, startNs)),
      links: asList(span["links"], "links").flatMap(readLink),
      ...sender,
    });
  });
  return { items, rejected };
}

function readEvent(value: unknown, startNs: bigint): StoredEvent {
  const event = asObject(value);
  return {
    name: asText(event["name"]),
    timeNs: asInteger(event["timeUnixNano"]) ?? startNs,
    attributes: readAttributes(event["attributes"]),
  };
}

function readLink(value: unknown): StoredLink[] {
  const link = asObject(value);
  const traceId = asTraceId(link["traceId"]);
  const spanId = asSpanId(link["spanId"]);
  if (traceId === undefined || spanId === undefined) return [];
  return [{ traceId, spanId, attributes: readAttributes(link["attributes"]) }];
}
