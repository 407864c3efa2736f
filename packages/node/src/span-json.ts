import type { Attributes, HrTime, Link, SpanContext } from "@opentelemetry/api";
import type { InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import { type AttributeLists, once } from "./gate-values.ts";
import { RedactedSpan } from "./redacted-span.ts";
import { spanFlags } from "./span-flags.ts";
import { attributesJson, quoted } from "./value-json.ts";
import { bySource, type WrittenSpan } from "./written-span.ts";

/** Writes a redacted span as it stands in a request, a comma before it. Throws for a time that is none. */
export function spanToJson(span: ReadableSpan): Uint8Array {
  return Buffer.from(`,${spanJson(span)}`);
}

/** Gives written spans as OTLP's ExportTraceServiceRequest in JSON. */
export function joinJson(spans: readonly WrittenSpan[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const add = (text: string): number => parts.push(Buffer.from(text));
  const groups = bySource(spans);
  add('{"resourceSpans":[');
  for (const [group, { resource, scopes }] of groups.entries()) {
    add(`${group === 0 ? "" : ","}{"resource":${resourceJson(resource)},"scopeSpans":[`);
    for (const [place, { scope, spans: ofScope }] of scopes.entries()) {
      add(`${place === 0 ? "" : ","}{"scope":${scopeJson(scope)},"spans":[`);
      for (const [at, bytes] of ofScope.entries()) parts.push(at === 0 ? bytes.subarray(1) : bytes);
      const { schemaUrl } = scope;
      add(schemaUrl === undefined ? "]}" : `],"schemaUrl":${quoted(schemaUrl)}}`);
    }
    const { schemaUrl } = resource;
    add(schemaUrl ? `],"schemaUrl":${quoted(schemaUrl)}}` : "]}");
  }
  add("]}");
  return Buffer.concat(parts);
}

const resourceJson = once(({ attributes, schemaUrl }: Resource) => {
  const schema = schemaUrl ? `,"schemaUrl":${quoted(schemaUrl)}` : "";
  return `{"attributes":${objectJson(attributes)},"droppedAttributesCount":0${schema}}`;
});

const scopeJson = once((scope: InstrumentationScope): string => {
  const { name, version, attributes } = scope as InstrumentationScope & { attributes?: Attributes };
  const said = version === undefined ? "" : `,"version":${quoted(version)}`;
  const has = attributes !== undefined && Object.keys(attributes).length > 0;
  const more = has ? `,"attributes":${objectJson(attributes)},"droppedAttributesCount":0` : "";
  return `{"name":${quoted(name)}${said}${more}}`;
});

function spanJson(span: ReadableSpan): string {
  const context = span.spanContext();
  const parent = span.parentSpanContext;
  const { status, events, links } = span;
  const message = status.message === undefined ? "" : `,"message":${quoted(status.message)}`;
  return (
    `{"traceId":"${context.traceId}","spanId":"${context.spanId}"` +
    (parent?.spanId ? `,"parentSpanId":"${parent.spanId}"` : "") +
    stateJson(context) +
    `,"name":${quoted(span.name)},"kind":${span.kind == null ? 0 : span.kind + 1}` +
    `,"startTimeUnixNano":"${nanos(span.startTime)}","endTimeUnixNano":"${nanos(span.endTime)}"` +
    `,"attributes":${spanAttributes(span)},"droppedAttributesCount":${span.droppedAttributesCount}` +
    `,"events":${events.length === 0 ? "[]" : `[${events.map(eventJson).join(",")}]`}` +
    `,"droppedEventsCount":${span.droppedEventsCount},"status":{"code":${status.code}${message}}` +
    `,"links":${links.length === 0 ? "[]" : `[${links.map(linkJson).join(",")}]`}` +
    `,"droppedLinksCount":${span.droppedLinksCount}` +
    `,"flags":${spanFlags(context.traceFlags, parent?.isRemote)}}`
  );
}

function spanAttributes(span: ReadableSpan): string {
  return span instanceof RedactedSpan
    ? attributesJson(span.attributeLists)
    : objectJson(span.attributes);
}

function eventJson({ name, time, attributes, droppedAttributesCount = 0 }: TimedEvent): string {
  return `{"attributes":${objectJson(attributes)},"name":${quoted(name)},"timeUnixNano":"${nanos(time)}","droppedAttributesCount":${droppedAttributesCount}}`;
}

// The ids of a link are what the application says they are.
function linkJson({ context, attributes, droppedAttributesCount = 0 }: Link): string {
  return (
    `{"attributes":${objectJson(attributes)},"spanId":${quoted(context.spanId)}` +
    `,"traceId":${quoted(context.traceId)}${stateJson(context)}` +
    `,"droppedAttributesCount":${droppedAttributesCount}` +
    `,"flags":${spanFlags(context.traceFlags, context.isRemote)}}`
  );
}

function stateJson({ traceState }: SpanContext): string {
  return traceState === undefined ? "" : `,"traceState":${quoted(traceState.serialize())}`;
}

function objectJson(attributes: Attributes | undefined): string {
  if (attributes === undefined) return "[]";
  const lists: AttributeLists = {
    keys: Object.keys(attributes),
    values: Object.values(attributes),
  };
  return attributesJson(lists);
}

function nanos([seconds, nanoseconds]: HrTime): string {
  const isUsual =
    Number.isInteger(seconds) &&
    Number.isInteger(nanoseconds) &&
    seconds > 0 &&
    nanoseconds >= 0 &&
    nanoseconds < 1e9;
  if (isUsual) return `${seconds}${String(nanoseconds).padStart(9, "0")}`;
  return String(BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanoseconds)));
}
