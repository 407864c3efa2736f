import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { DropClass } from "./drop-class.ts";
import type { Encoding } from "./encoding.ts";
import { spanToJson } from "./span-json.ts";
import { spanToProtobuf } from "./span-protobuf.ts";
import type { WrittenSpan } from "./written-span.ts";

/**
 * Gives what writes redacted spans.
 *
 * A span is some thirty objects, which the garbage collector moves twice when they wait for a second; its bytes lie
 * outside the heap. So it is written as soon as it is redacted. `lost` is told of one whose time cannot be written.
 */
export function spanWriter(
  encoding: Encoding,
  classOf: (span: ReadableSpan) => DropClass,
  lost: () => void,
): (spans: readonly ReadableSpan[]) => WrittenSpan[] {
  const toBytes = encoding === "http/json" ? spanToJson : spanToProtobuf;
  return (spans) => {
    const written: WrittenSpan[] = [];
    for (const span of spans) {
      try {
        const bytes = toBytes(span);
        const { resource, instrumentationScope: scope } = span;
        written.push({ bytes, resource, scope, dropClass: classOf(span) });
      } catch {
        lost();
      }
    }
    return written;
  };
}
