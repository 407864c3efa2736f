import { type Counter, metrics } from "@opentelemetry/api";
import type { ASSAY_DROP_REASON_VALUE_EXIT_DEADLINE } from "@assay/semconv";
import {
  ATTR_ASSAY_DROP_REASON,
  ATTR_ASSAY_SIGNAL,
  ATTR_FINANCE_DATA_CLASSIFICATION,
  ATTR_FINANCE_REDACTION_ACTION,
  ATTR_FINANCE_REDACTION_SURFACE,
  METRIC_ASSAY_TELEMETRY_DROPPED,
  METRIC_FINANCE_REDACTION_VALUES,
} from "@assay/semconv";
import type { Finding } from "@assay/redaction";
import type { Surface } from "./gate-values.ts";

export type Signal = "traces" | "metrics" | "logs" | "errors";
export type DropReason =
  | "queue_full"
  | "rejected"
  | "redaction_failed"
  | typeof ASSAY_DROP_REASON_VALUE_EXIT_DEADLINE;

/** Counts what redaction removed and what was not delivered. */
export interface SelfMetrics {
  found(surface: Surface, finding: Finding): void;
  dropped(signal: Signal, reason: DropReason, count: number): void;
}

/**
 * Makes the counters of Assay itself.
 *
 * They are created at their first use: the meter provider is registered after the exporters that count are made.
 */
export function createSelfMetrics(): SelfMetrics {
  let values: Counter | undefined;
  let drops: Counter | undefined;
  const meter = () => metrics.getMeter("@assay/node");
  return {
    found(surface, finding) {
      values ??= meter().createCounter(METRIC_FINANCE_REDACTION_VALUES, { unit: "{value}" });
      values.add(1, {
        [ATTR_FINANCE_DATA_CLASSIFICATION]: finding.class,
        [ATTR_FINANCE_REDACTION_ACTION]: finding.action,
        [ATTR_FINANCE_REDACTION_SURFACE]: surface,
      });
    },
    dropped(signal, reason, count) {
      drops ??= meter().createCounter(METRIC_ASSAY_TELEMETRY_DROPPED, { unit: "{item}" });
      drops.add(count, { [ATTR_ASSAY_SIGNAL]: signal, [ATTR_ASSAY_DROP_REASON]: reason });
    },
  };
}
