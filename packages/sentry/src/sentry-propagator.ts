import {
  isSpanContextValid,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { SentryPropagator } from "@sentry/opentelemetry";

/**
 * Makes the propagator that continues the trace of a client that sends `sentry-trace`.
 *
 * It only extracts, by @sentry/opentelemetry's own propagator, and only where no `traceparent` was read before it. It
 * never injects: Sentry's propagator refuses contexts other than the active one, and the header would reach third
 * parties.
 *
 * Ids and decision alone are taken. Sentry's scopes stay out of the context, and its `baggage`, with users and page
 * addresses in it, out of the trace state, which goes on to third parties. A header without a decision counts as
 * sampled: with Sentry it means that the server decides, and OpenTelemetry would read it as "not sampled".
 */
export function sentryTracePropagator(): TextMapPropagator {
  const sentry = new SentryPropagator();
  return {
    inject() {
      // See above.
    },
    extract(context, carrier, getter) {
      const parent = trace.getSpanContext(context);
      if (parent !== undefined && isSpanContextValid(parent)) return context;
      const sent = getter.get(carrier, "sentry-trace");
      const header = Array.isArray(sent) ? sent[0] : sent;
      if (header === undefined) return context;
      const alone = {
        get: (_carrier: unknown, key: string) => (key === "sentry-trace" ? header : undefined),
        keys: () => ["sentry-trace"],
      };
      const found = trace.getSpanContext(sentry.extract(ROOT_CONTEXT, carrier, alone));
      if (found === undefined || !isSpanContextValid(found)) return context;
      const isDecided = /-[01]\s*$/.test(header);
      return trace.setSpanContext(context, {
        traceId: found.traceId,
        spanId: found.spanId,
        traceFlags: isDecided ? found.traceFlags : TraceFlags.SAMPLED,
        isRemote: true,
      });
    },
    fields: () => [],
  };
}
