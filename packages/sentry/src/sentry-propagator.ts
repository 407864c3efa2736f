import { isSpanContextValid, type TextMapPropagator, trace } from "@opentelemetry/api";
import { SentryPropagator } from "@sentry/opentelemetry";

/**
 * Makes the propagator that continues the trace of a client that sends `sentry-trace`.
 *
 * It only extracts, by @sentry/opentelemetry's own propagator, and only where no `traceparent` was read before it. It
 * never injects: Sentry's propagator refuses contexts other than the active one, and the header would reach third
 * parties.
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
      return getter.get(carrier, "sentry-trace") === undefined
        ? context
        : sentry.extract(context, carrier, getter);
    },
    fields: () => [],
  };
}
