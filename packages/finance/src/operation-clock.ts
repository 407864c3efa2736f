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
  INSTRUMENT_FINANCE_OPERATION_DURATION,
  INSTRUMENT_FINANCE_THRESHOLD_BREACHES,
} from "@assay/semconv";
import { declareCounter } from "./begun-counters.ts";
import { createHistogram, isMeterNoop, perMeter } from "./instruments.ts";
import type { FailureDomain, PaymentOutcome } from "./outcome.ts";
import {
  CATEGORIES,
  limitOf,
  type OperationCategory,
  type ThresholdOptions,
} from "./thresholds.ts";

/** How an operation ended. */
export interface Ended {
  outcome: PaymentOutcome;
  domain?: FailureDomain | undefined;
}

/** Stops the clock of an operation; its span is still open. */
export type StopClock = (ended: Ended) => void;

const breachesOf = declareCounter(INSTRUMENT_FINANCE_THRESHOLD_BREACHES, () =>
  CATEGORIES.map((category) => breachLabels(limitOf({}, "", category).name, category)),
);
const instruments = perMeter(() => ({
  durations: createHistogram(INSTRUMENT_FINANCE_OPERATION_DURATION),
  breaches: breachesOf(),
}));

/** Begins at zero the breaches of limits that the application sets for operations of its own. */
export function beginBreaches(
  { operations = {} }: ThresholdOptions,
  categories: readonly OperationCategory[] = CATEGORIES,
): void {
  if (isMeterNoop()) return;
  for (const operation of Object.keys(operations)) {
    for (const category of categories) {
      const { name } = limitOf({ operations }, operation, category);
      instruments().breaches.add(0, breachLabels(name, category));
    }
  }
}

function breachLabels(name: string, category: OperationCategory): Attributes {
  return { [ATTR_FINANCE_THRESHOLD_NAME]: name, [ATTR_FINANCE_OPERATION_CATEGORY]: category };
}

/** Starts the clock of an operation: a histogram, and a count and an event when it passes its limit. */
export function startClock(
  operation: string,
  category: OperationCategory,
  span: Span,
  thresholds: ThresholdOptions,
): StopClock {
  if (isMeterNoop()) return () => {};
  const { durations, breaches } = instruments();
  const startedAt = performance.now();
  return ({ outcome, domain }) => {
    const actualMs = performance.now() - startedAt;
    const labels: Attributes = {
      [ATTR_FINANCE_OPERATION_NAME]: operation,
      [ATTR_FINANCE_OPERATION_CATEGORY]: category,
      [ATTR_FINANCE_OUTCOME]: outcome,
    };
    if (domain !== undefined) labels[ATTR_FINANCE_FAILURE_DOMAIN] = domain;
    durations.record(actualMs / 1_000, labels);
    const { name, limitMs } = limitOf(thresholds, operation, category);
    if (actualMs <= limitMs) return;
    breaches.add(1, breachLabels(name, category));
    span.addEvent(EVENT_FINANCE_THRESHOLD_EXCEEDED, {
      [ATTR_FINANCE_THRESHOLD_NAME]: name,
      [ATTR_FINANCE_THRESHOLD_LIMIT_MS]: limitMs,
      [ATTR_FINANCE_THRESHOLD_ACTUAL_MS]: Math.round(actualMs),
      [ATTR_FINANCE_OPERATION_NAME]: operation,
    });
  };
}
