import { type Counter, metrics } from "@opentelemetry/api";
import type { FinanceAttributes } from "@assay/semconv";
import { ATTR_ASSAY_DROP_REASON, ATTR_ASSAY_SIGNAL } from "@assay/semconv/assay";
import {
  INSTRUMENT_ASSAY_TELEMETRY_DROPPED,
  INSTRUMENT_FINANCE_REDACTION_FAILURES,
  INSTRUMENT_FINANCE_REDACTION_VALUES,
} from "@assay/semconv/instruments";
import {
  ATTR_FINANCE_DATA_CLASSIFICATION,
  ATTR_FINANCE_REDACTION_ACTION,
  ATTR_FINANCE_REDACTION_FAILURE_REASON,
  ATTR_FINANCE_REDACTION_SURFACE,
} from "@assay/semconv/redaction";
import type { Finding } from "@assay/redaction";
import type { Surface } from "./gate-values.ts";

/** As `assay.signal` and `assay.drop.reason` have them in the registry. */
export type Signal = NonNullable<FinanceAttributes["assay.signal"]>;
export type DropReason = NonNullable<FinanceAttributes["assay.drop.reason"]>;

/** Counts what redaction removed and what was not delivered. */
export interface SelfMetrics {
  found(surface: Surface, signal: Signal | undefined, finding: Finding): void;
  dropped(signal: Signal, reason: DropReason, count: number): void;
}

// Detectors that found nothing and removed a value because they could not look.
const FAILURES: Record<string, FinanceAttributes["finance.redaction.failure.reason"]> = {
  "engine-error": "engine_error",
  budget: "budget",
};

interface Described {
  name: string;
  unit: string;
  description: string;
}

/**
 * Makes the counters of Assay itself.
 *
 * They are created at their first use: the meter provider is registered after the exporters that count are made.
 */
export function createSelfMetrics(): SelfMetrics {
  let values: Counter | undefined;
  let failures: Counter | undefined;
  let drops: Counter | undefined;
  const counter = ({ name, unit, description }: Described): Counter =>
    metrics.getMeter("@assay/node").createCounter(name, { unit, description });
  return {
    found(surface, signal, finding) {
      values ??= counter(INSTRUMENT_FINANCE_REDACTION_VALUES);
      values.add(1, {
        [ATTR_FINANCE_DATA_CLASSIFICATION]: finding.class,
        [ATTR_FINANCE_REDACTION_ACTION]: finding.action,
        [ATTR_FINANCE_REDACTION_SURFACE]: surface,
        ...(signal === undefined ? {} : { [ATTR_ASSAY_SIGNAL]: signal }),
      });
      const reason = FAILURES[finding.detector];
      if (reason === undefined) return;
      failures ??= counter(INSTRUMENT_FINANCE_REDACTION_FAILURES);
      failures.add(1, { [ATTR_FINANCE_REDACTION_FAILURE_REASON]: reason });
    },
    dropped(signal, reason, count) {
      drops ??= counter(INSTRUMENT_ASSAY_TELEMETRY_DROPPED);
      drops.add(count, { [ATTR_ASSAY_SIGNAL]: signal, [ATTR_ASSAY_DROP_REASON]: reason });
    },
  };
}
