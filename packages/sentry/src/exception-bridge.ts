import { type Exception, SpanKind, type TimeInput } from "@opentelemetry/api";
import type { Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { ErrorClient } from "./error-client.ts";

// A failed call of a client is an error of ours only when the span around it says so.
const OURS = new Set([SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CONSUMER]);

/**
 * Makes the span processor by which an exception that a span records also goes to Sentry, with the span's ids.
 *
 * Never throws into the application.
 */
export function recordExceptionBridge(client: ErrorClient): SpanProcessor {
  return {
    onStart(span: Span) {
      if (!OURS.has(span.kind)) return;
      const record = span.recordException.bind(span);
      span.recordException = (exception: Exception, time?: TimeInput) => {
        record(exception, time);
        client.capture(exception, {
          mechanism: "recordException",
          spanContext: span.spanContext(),
          attributes: span.attributes,
        });
      };
    },
    onEnd() {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
