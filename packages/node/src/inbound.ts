import { type Context, createContextKey, type SpanContext, trace } from "@opentelemetry/api";
import type { TextMapGetter } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";

/** The caller whose trace is not continued, on the context of the request. */
const CALLER = createContextKey("assay.caller");

/** What W3C has every party pass on; what is longer is not looked at. */
const LIMITS: Readonly<Record<string, { bytes: number; members: number }>> = {
  traceparent: { bytes: 256, members: 1 },
  tracestate: { bytes: 512, members: 32 },
  baggage: { bytes: 8_192, members: 64 },
  "sentry-trace": { bytes: 256, members: 1 },
};

/** Gives a getter that knows a header only when it came once, or as a list, and is no larger than W3C has it. */
export function sizedGetter<Carrier>(getter: TextMapGetter<Carrier>): TextMapGetter<Carrier> {
  return {
    keys: (carrier) => getter.keys(carrier),
    get(carrier, key) {
      const found = getter.get(carrier, key);
      const limit = LIMITS[key];
      if (found === undefined || limit === undefined) return found;
      const text = Array.isArray(found) ? found.join(",") : found;
      const isWithin =
        // A letter has four bytes at most, so that a short text needs no count.
        (text.length * 4 <= limit.bytes || Buffer.byteLength(text) <= limit.bytes) &&
        countMembers(text) <= limit.members;
      return isWithin ? text : undefined;
    },
  };
}

function countMembers(text: string): number {
  let count = 1;
  for (let at = text.indexOf(","); at !== -1; at = text.indexOf(",", at + 1)) count += 1;
  return count;
}

/** Keeps who called, without its tracestate, for a trace that begins here. */
export function rememberCaller(
  context: Context,
  { traceId, spanId, traceFlags }: SpanContext,
): Context {
  return context.setValue(CALLER, { traceId, spanId, traceFlags, isRemote: true });
}

/** Links the first span of a request to the trace of its caller, where ASSAY_INBOUND_TRACE has it begin a new one. */
export function linkCallers(): SpanProcessor {
  return {
    onStart(span, context) {
      const caller = context.getValue(CALLER) as SpanContext | undefined;
      if (caller === undefined || trace.getSpanContext(context) !== undefined) return;
      span.addLink({ context: caller });
    },
    onEnd() {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
