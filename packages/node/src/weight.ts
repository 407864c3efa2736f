import { getHeapStatistics } from "node:v8";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { Span } from "./span.ts";

// What the objects themselves take, without the texts in them.
const SPAN = 1_000;
const RECORD = 600;
const VALUE = 48;
const DEEPEST = 4;
const MOST_BYTES = 128 * 1024 * 1024;

/** Bytes that finished items may take of the heap, for each signal: 128 MiB, and a tenth of a small heap. */
export function capacityBytes(): number {
  return Math.min(MOST_BYTES, getHeapStatistics().heap_size_limit / 10);
}

/** About how many bytes a span keeps in memory. */
export function weighSpan(span: ReadableSpan): number {
  const { events, links } = span;
  let bytes = SPAN;
  if (span instanceof Span) bytes += weighAll(span.attributeLists().values);
  else bytes += weighEntries(span.attributes);
  for (const event of events) {
    bytes += VALUE + (event.attributes === undefined ? 0 : weighEntries(event.attributes));
  }
  for (const link of links) {
    bytes += 4 * VALUE + (link.attributes === undefined ? 0 : weighEntries(link.attributes));
  }
  return bytes;
}

/** About how many bytes a log record keeps in memory. */
export function weighRecord({ body, attributes }: ReadableLogRecord): number {
  return RECORD + weigh(body, 0) + weighEntries(attributes);
}

function weighEntries(entries: object, depth = 0): number {
  return weighAll(Object.values(entries), depth);
}

function weighAll(values: readonly unknown[], depth = 0): number {
  let bytes = 0;
  for (const value of values) bytes += weigh(value, depth);
  return bytes;
}

function weigh(value: unknown, depth: number): number {
  if (typeof value === "string") return VALUE + value.length;
  if (typeof value !== "object" || value === null) return VALUE;
  if (ArrayBuffer.isView(value)) return VALUE + value.byteLength;
  return VALUE + (depth < DEEPEST ? weighEntries(value, depth + 1) : 0);
}
