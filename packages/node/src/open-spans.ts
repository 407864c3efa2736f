import { SpanStatusCode } from "@opentelemetry/api";
import type { Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { FinanceAttributes } from "@assay/semconv";
import { ATTR_ASSAY_SPAN_ENDED_BY } from "@assay/semconv/assay";

/** What ends the process, or the thread, while spans are open; `error` is what was thrown. */
export interface End {
  by: NonNullable<FinanceAttributes["assay.span.ended_by"]>;
  error?: unknown;
}

/** The spans that have begun and not ended. */
export interface OpenSpans {
  processor: SpanProcessor;
  /** Ends all of them, the newest first: with an error when something was thrown, and marked in any case. */
  endAll(end: End): void;
  /** Whether one may be open. */
  any(): boolean;
}

/** Spans that are held as they are; a service has no more than this open but in a burst. */
const YOUNG = 1_024;
/** Spans that are known at most; above it the oldest are forgotten, and lost if they are open at the end. */
const MOST = 16_384;

/**
 * Makes the register of open spans.
 *
 * A span is one entry of a set while it is open. A weak reference is made only of those that are still open when the
 * set is full, because it costs more than the rest of this: an application that never ends its spans must not fill the
 * memory, and one that ends them must not pay for that.
 */
export function createOpenSpans(): OpenSpans {
  const young = new Set<Span>();
  let old: WeakRef<Span>[] = [];

  const age = (): void => {
    for (const span of young) old.push(new WeakRef(span));
    young.clear();
    if (old.length <= MOST) return;
    old = old.filter((reference) => reference.deref()?.isRecording() === true).slice(-MOST);
  };

  return {
    processor: {
      onStart(span) {
        if (young.size >= YOUNG) age();
        young.add(span);
      },
      onEnd(span) {
        young.delete(span as Span);
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    },
    endAll(end) {
      const all = [...old.map((reference) => reference.deref()), ...young];
      old = [];
      young.clear();
      for (const span of all.toReversed()) if (span?.isRecording() === true) endSafely(span, end);
    },
    any: () => young.size > 0 || old.length > 0,
  };
}

// Anything can be thrown, also what cannot be read; the span ends all the same, and so do the others.
function endSafely(span: Span, { by, error }: End): void {
  try {
    span.setAttribute(ATTR_ASSAY_SPAN_ENDED_BY, by);
    if (by === "uncaught_exception" || by === "unhandled_rejection") fail(span, error);
    span.end();
  } catch {
    span.end(); // its status says that it failed; what was thrown cannot be read
  }
}

function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  const isError = error instanceof Error;
  const message = isError ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  // The application may have recorded it before it threw it on.
  const { events } = span as { events?: Span["events"] };
  if (events?.some(({ attributes }) => attributes?.["exception.message"] === message)) return;
  // Not recordException: the error goes to Sentry as the one that ends the process, and not for each span again.
  span.addEvent("exception", {
    "exception.type": isError ? error.name : typeof error,
    "exception.message": message,
    ...(isError && error.stack !== undefined ? { "exception.stacktrace": error.stack } : {}),
  });
}
