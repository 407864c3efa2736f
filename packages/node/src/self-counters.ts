import { type Counter, metrics } from "@opentelemetry/api";
import type { FinanceAttributes } from "@assay/semconv";
import {
  ATTR_ASSAY_DROP_CLASS,
  ATTR_ASSAY_DROP_REASON,
  ATTR_ASSAY_SIGNAL,
} from "@assay/semconv/assay";
import {
  INSTRUMENT_ASSAY_CLUSTER_LATE,
  INSTRUMENT_ASSAY_LABEL_DROPPED,
  INSTRUMENT_ASSAY_SERIES_OVERFLOWS,
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
import type { SelfMetrics } from "./self-metrics.ts";

interface Described {
  name: string;
  unit: string;
  description: string;
}

// Detectors that found nothing and removed a value because they could not look.
const FAILURES: Record<string, FinanceAttributes["finance.redaction.failure.reason"]> = {
  "engine-error": "engine_error",
  budget: "budget",
};

/** Makes the counters with the meter provider that is registered now. */
export function createSelfCounters(): SelfMetrics {
  const counter = ({ name, unit, description }: Described): Counter =>
    metrics.getMeter("@assay/node").createCounter(name, { unit, description });
  const values = counter(INSTRUMENT_FINANCE_REDACTION_VALUES);
  const failures = counter(INSTRUMENT_FINANCE_REDACTION_FAILURES);
  const drops = counter(INSTRUMENT_ASSAY_TELEMETRY_DROPPED);
  const counts = {
    label: counter(INSTRUMENT_ASSAY_LABEL_DROPPED),
    overflow: counter(INSTRUMENT_ASSAY_SERIES_OVERFLOWS),
    late: counter(INSTRUMENT_ASSAY_CLUSTER_LATE),
  };
  return {
    found(surface, signal, finding) {
      values.add(1, {
        [ATTR_FINANCE_DATA_CLASSIFICATION]: finding.class,
        [ATTR_FINANCE_REDACTION_ACTION]: finding.action,
        [ATTR_FINANCE_REDACTION_SURFACE]: surface,
        ...(signal === undefined ? {} : { [ATTR_ASSAY_SIGNAL]: signal }),
      });
      const reason = FAILURES[finding.detector];
      if (reason !== undefined)
        failures.add(1, { [ATTR_FINANCE_REDACTION_FAILURE_REASON]: reason });
    },
    dropped(signal, reason, count, of) {
      drops.add(count, {
        [ATTR_ASSAY_SIGNAL]: signal,
        [ATTR_ASSAY_DROP_REASON]: reason,
        ...(of === undefined ? {} : { [ATTR_ASSAY_DROP_CLASS]: of }),
      });
    },
    counted(what, attributes) {
      counts[what].add(1, attributes);
    },
  };
}
