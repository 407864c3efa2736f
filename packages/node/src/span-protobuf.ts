import type { Attributes, HrTime, Link } from "@opentelemetry/api";
import type { InstrumentationScope } from "@opentelemetry/core";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import {
  begin,
  byte,
  close,
  fixed32,
  fixed64,
  hex,
  open,
  raw,
  text,
  varint,
  written,
} from "./byte-writer.ts";
import { RedactedSpan } from "./redacted-span.ts";
import { spanFlags } from "./span-flags.ts";
import { attributes } from "./value-protobuf.ts";
import { bySource, type WrittenSpan } from "./written-span.ts";

// A tag is the number of the field times 8 and how it is written: 0 varint, 1 eight bytes, 2 with a length, 5 four bytes.

/** Writes a redacted span as it stands in a request, its tag before it. Throws for a time that is none. */
export function spanToProtobuf(span: ReadableSpan): Uint8Array {
  begin();
  writeSpan(span);
  return written();
}

/** Gives written spans as OTLP's ExportTraceServiceRequest in protobuf. */
export function joinProtobuf(spans: readonly WrittenSpan[]): Uint8Array {
  begin();
  for (const { resource, scopes } of bySource(spans)) {
    byte(0x0a);
    const ofResource = open();
    byte(0x0a);
    const described = open();
    ofObject(resource.attributes, 0x0a);
    byte(0x10);
    byte(0);
    close(described);
    for (const { scope, spans: ofScope } of scopes) {
      byte(0x12);
      const start = open();
      scopeFields(scope);
      for (const bytes of ofScope) raw(bytes);
      optionalText(0x1a, scope.schemaUrl);
      close(start);
    }
    optionalText(0x1a, resource.schemaUrl);
    close(ofResource);
  }
  return written();
}

function scopeFields(scope: InstrumentationScope): void {
  const {
    name,
    version,
    attributes: own,
  } = scope as InstrumentationScope & {
    attributes?: Attributes;
  };
  byte(0x0a);
  const start = open();
  byte(0x0a);
  text(name);
  optionalText(0x12, version);
  ofObject(own, 0x1a);
  close(start);
}

function writeSpan(span: ReadableSpan): void {
  const { traceId, spanId, traceState, traceFlags } = span.spanContext();
  const parent = span.parentSpanContext;
  byte(0x12);
  const start = open();
  byte(0x0a);
  hex(traceId);
  byte(0x12);
  hex(spanId);
  optionalText(0x1a, traceState?.serialize());
  if (parent?.spanId) {
    byte(0x22);
    hex(parent.spanId);
  }
  byte(0x2a);
  text(span.name);
  if (span.kind != null) {
    byte(0x30);
    byte(span.kind + 1);
  }
  byte(0x39);
  time(span.startTime);
  byte(0x41);
  time(span.endTime);
  if (span instanceof RedactedSpan) attributes(span.attributeLists, 0x4a);
  else ofObject(span.attributes, 0x4a);
  count(0x50, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(event);
  count(0x60, span.droppedEventsCount);
  for (const link of span.links) writeLink(link);
  count(0x70, span.droppedLinksCount);
  byte(0x7a);
  const status = open();
  optionalText(0x12, span.status.message);
  count(0x18, span.status.code);
  close(status);
  // 16, which takes two bytes.
  byte(0x85);
  byte(0x01);
  fixed32(spanFlags(traceFlags, parent?.isRemote));
  close(start);
}

function writeEvent({ time: at, name, attributes: own, droppedAttributesCount }: TimedEvent): void {
  byte(0x5a);
  const start = open();
  byte(0x09);
  time(at);
  byte(0x12);
  text(name);
  ofObject(own, 0x1a);
  count(0x20, droppedAttributesCount ?? 0);
  close(start);
}

function writeLink({ context, attributes: own, droppedAttributesCount }: Link): void {
  byte(0x6a);
  const start = open();
  byte(0x0a);
  hex(context.traceId);
  byte(0x12);
  hex(context.spanId);
  optionalText(0x1a, context.traceState?.serialize());
  ofObject(own, 0x22);
  count(0x28, droppedAttributesCount ?? 0);
  byte(0x35);
  fixed32(spanFlags(context.traceFlags, context.isRemote));
  close(start);
}

function ofObject(own: Attributes | undefined, tag: number): void {
  if (own !== undefined) attributes({ keys: Object.keys(own), values: Object.values(own) }, tag);
}

function optionalText(tag: number, value: string | undefined): void {
  if (value === undefined || value === "") return;
  byte(tag);
  text(value);
}

function count(tag: number, value: number): void {
  byte(tag);
  varint(value);
}

// Nanoseconds since 1970 have more bits than a number, so the seconds are taken in two halves of 16 bits.
function time([seconds, nanoseconds]: HrTime): void {
  const isUsual =
    Number.isInteger(seconds) &&
    Number.isInteger(nanoseconds) &&
    seconds >= 0 &&
    nanoseconds >= 0 &&
    seconds < 2 ** 32 &&
    nanoseconds < 1e9;
  if (!isUsual) {
    const all = BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanoseconds));
    const bits = BigInt.asUintN(64, all);
    fixed64(Number(bits & 0xffff_ffffn), Number(bits >> 32n));
    return;
  }
  // >>> 0 is the remainder of 2^32, and takes no division.
  const lower = (seconds & 0xffff) * 1e9 + nanoseconds;
  const upper = (seconds >>> 16) * 1e9;
  const low = (lower >>> 0) + ((upper >>> 0) & 0xffff) * 65_536;
  const high = Math.floor(lower / 2 ** 32) + Math.floor(upper / 65_536);
  fixed64(low >>> 0, high + (low >= 2 ** 32 ? 1 : 0));
}
