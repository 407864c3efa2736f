import type { Attributes } from "@opentelemetry/api";
import type { FinanceAttributes } from "@assay/semconv";
import type { Finding } from "@assay/redaction";
import type { Surface } from "./gate-values.ts";
import type { DropClass } from "./drop-class.ts";
import { lazy } from "./lazy.ts";
import { shield } from "./shield.ts";

/** As `assay.signal` and `assay.drop.reason` have them in the registry. */
export type Signal = NonNullable<FinanceAttributes["assay.signal"]>;
export type DropReason = NonNullable<FinanceAttributes["assay.drop.reason"]>;

export type Counted = "label" | "overflow" | "late";

/** Counts what redaction removed and what was not delivered. */
export interface SelfMetrics {
  found: (surface: Surface, signal: Signal | undefined, finding: Finding) => void;
  dropped: (signal: Signal, reason: DropReason, count: number, of?: DropClass) => void;
  /** A label that was taken off, an instrument with too many series, or a worker that was late. */
  counted: (what: Counted, attributes?: Attributes) => void;
}

/** What was dropped since the start, by "signal reason"; asked for health, whether metrics are sent or not. */
export const dropTotals: Map<string, number> = new Map();

/**
 * Makes the counters of Assay itself.
 *
 * They are created at their first use: the meter provider is registered after the exporters that count are made.
 */
export function createSelfMetrics(): SelfMetrics {
  const counters = lazy(() => {
    const { createSelfCounters } =
      require("./self-counters") as typeof import("./self-counters.ts");
    return createSelfCounters();
  });
  // Counted where something has already gone wrong, or in the middle of a redaction: neither may fail over it.
  const found: SelfMetrics["found"] = (...given) => counters().found(...given);
  const dropped: SelfMetrics["dropped"] = (signal, reason, count, of) => {
    const key = `${signal} ${reason}`;
    dropTotals.set(key, (dropTotals.get(key) ?? 0) + count);
    counters().dropped(signal, reason, count, of);
  };
  const counted: SelfMetrics["counted"] = (...given) => counters().counted(...given);
  return {
    found: shield("a counter", found, () => {}),
    dropped: shield("a counter", dropped, () => {}),
    counted: shield("a counter", counted, () => {}),
  };
}
