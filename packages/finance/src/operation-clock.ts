import type { Attributes, Span } from "@opentelemetry/api";
import {
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OPERATION_CATEGORY,
  ATTR_FINANCE_OPERATION_NAME,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_THRESHOLD_ACTUAL_MS,
  ATTR_FINANCE_THRESHOLD_LIMIT_MS,
  ATTR_FINANCE_THRESHOLD_NAME,
  EVENT_FINANCE_THRESHOLD_EXCEEDED,
  FINANCE_OPERATION_CATEGORY_VALUE_OTHER,
  INSTRUMENT_FINANCE_OPERATION_DURATION,
  INSTRUMENT_FINANCE_THRESHOLD_BREACHES,
} from "@assay/semconv";
import { createCounter, createHistogram } from "./instruments.ts";
import type { FailureDomain, PaymentOutcome } from "./outcome.ts";
import { limitOf, type OperationCategory, type ThresholdOptions } from "./thresholds.ts";

/** How an operation ended. */
export interface Ended {
  outcome: PaymentOutcome;
  domain?: FailureDomain | undefined;
}

/** Stops the clock of an operation; its span is still open. */
export type StopClock = (ended: Ended) => void;

/** Starts the clock of an operation. */
export type StartClock = (
  operation: string,
  category: OperationCategory | undefined,
  span: Span,
) => StopClock;

/** Makes what measures operations: a histogram, and a count and an event when one passes its limit. */
export function createOperationClock(thresholds: ThresholdOptions): StartClock {
  const durations = createHistogram(INSTRUMENT_FINANCE_OPERATION_DURATION);
  const breaches = createCounter(INSTRUMENT_FINANCE_THRESHOLD_BREACHES);
  return (operation, category, span) => {
    const startedAt = performance.now();
    return ({ outcome, domain }) => {
      const actualMs = performance.now() - startedAt;
      const labels: Attributes = {
        [ATTR_FINANCE_OPERATION_NAME]: operation,
        [ATTR_FINANCE_OPERATION_CATEGORY]: category ?? FINANCE_OPERATION_CATEGORY_VALUE_OTHER,
        [ATTR_FINANCE_OUTCOME]: outcome,
      };
      if (domain !== undefined) labels[ATTR_FINANCE_FAILURE_DOMAIN] = domain;
      durations.record(actualMs / 1_000, labels);
      const { name, limitMs } = limitOf(thresholds, operation, category);
      if (actualMs <= limitMs) return;
      breaches.add(1, {
        [ATTR_FINANCE_THRESHOLD_NAME]: name,
        [ATTR_FINANCE_OPERATION_CATEGORY]: category ?? FINANCE_OPERATION_CATEGORY_VALUE_OTHER,
      });
      span.addEvent(EVENT_FINANCE_THRESHOLD_EXCEEDED, {
        [ATTR_FINANCE_THRESHOLD_NAME]: name,
        [ATTR_FINANCE_THRESHOLD_LIMIT_MS]: limitMs,
        [ATTR_FINANCE_THRESHOLD_ACTUAL_MS]: Math.round(actualMs),
        [ATTR_FINANCE_OPERATION_NAME]: operation,
      });
    };
  };
}
