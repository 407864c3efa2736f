import type { Attributes, HrTime, Link, SpanContext } from "@opentelemetry/api";
import type { InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import { type AttributeLists, once } from "./gate-values.ts";
import { RedactedSpan } from "./redacted-span.ts";
import { bySource } from "./span-groups.ts";
import { spanFlags } from "./span-flags.ts";
import { attributesJson, quoted } from "./value-json.ts";

/** Gives redacted spans as OTLP's ExportTraceServiceRequest in JSON. Throws for a time that is none. */
export function spansToJson(spans: readonly ReadableSpan[]): Uint8Array {
  let json = "";
  for (const { resource, scopes } of bySource(spans)) {
    let scoped = "";
    for (const { scope, spans: ofScope } of scopes) {
      let list = "";
      for (const span of ofScope) list += list === "" ? spanJson(span) : `,${spanJson(span)}`;
      const { schemaUrl } = scope;
      const schema = schemaUrl === undefined ? "" : `,"schemaUrl":${quoted(schemaUrl)}`;
      scoped += `${scoped === "" ? "" : ","}{"scope":${scopeJson(scope)},"spans":[${list}]${schema}}`;
    }
    const { schemaUrl } = resource;
    const schema = schemaUrl ? `,"schemaUrl":${quoted(schemaUrl)}` : "";
    json += `${json === "" ? "" : ","}{"resource":${resourceJson(resource)},"scopeSpans":[${scoped}]${schema}}`;
  }
  return Buffer.from(`{"resourceSpans":[${json}]}`);
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

function linkJson({ context, attributes, droppedAttributesCount = 0 }: Link): string {
  return (
    `{"attributes":${objectJson(attributes)},"spanId":"${context.spanId}","traceId":"${context.traceId}"` +
    `${stateJson(context)},"droppedAttributesCount":${droppedAttributesCount}` +
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
