import { type Exception, SpanKind, SpanStatusCode, type TimeInput } from "@opentelemetry/api";
import type { Span, SpanProcessor, TimedEvent } from "@opentelemetry/sdk-trace";
import { ATTR_ASSAY_ERROR_ID } from "@assay/semconv/assay";
import {
  ATTR_FINANCE_FAILURE_DOMAIN,
  FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER,
} from "@assay/semconv/outcome";
import type { ErrorClient } from "./error-client.ts";

// A failed call of a client is an error of ours only when the span around it says so.
const OURS = new Set([SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CONSUMER]);
const MOST_RECORDED = 128; // as many as a span keeps events

interface Recorded {
  exception: Exception;
  event: TimedEvent;
}

/**
 * Makes the span processor by which an exception that a span records also goes to Sentry, with the span's ids and tags.
 *
 * It goes when the span ends, and only when its status is then ERROR: what was recorded and handled is no issue, here as
 * on the Collector's error route; nor is what is up to the customer. Never throws into the application.
 */
export function recordExceptionBridge(client: ErrorClient): SpanProcessor {
  const recorded = new WeakMap<object, Recorded[]>();
  return {
    onStart(span: Span) {
      if (!OURS.has(span.kind)) return;
      const record = span.recordException.bind(span);
      span.recordException = (exception: Exception, time?: TimeInput) => {
        record(exception, time);
        const event = span.events.at(-1);
        const all = recorded.get(span) ?? [];
        if (event === undefined || all.length >= MOST_RECORDED) return;
        recorded.set(span, [...all, { exception, event }]);
      };
    },
    onEnd(span) {
      const all = recorded.get(span) ?? [];
      recorded.delete(span);
      if (span.status.code !== SpanStatusCode.ERROR) return;
      const { [ATTR_FINANCE_FAILURE_DOMAIN]: domain } = span.attributes;
      if (domain === FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER) return;
      for (const { exception, event } of all) {
        const id = textOf(event.attributes?.[ATTR_ASSAY_ERROR_ID]);
        client.capture(exception, {
          mechanism: "recordException",
          spanContext: span.spanContext(),
          attributes: span.attributes,
          timeUnixNano: nanosecondsOf(event.time),
          recorded: {
            ...(id === "" ? {} : { id }),
            type: textOf(event.attributes?.["exception.type"]) || "Error",
            message: textOf(event.attributes?.["exception.message"]),
            stack: textOf(event.attributes?.["exception.stacktrace"]),
          },
        });
      }
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

function nanosecondsOf([seconds, nanoseconds]: TimedEvent["time"]): string {
  return `${seconds}${String(nanoseconds).padStart(9, "0")}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
