import type { Meter } from "@opentelemetry/api";
import type { ScanTotals } from "@assay/redaction";
import {
  INSTRUMENT_FINANCE_REDACTION_CANDIDATES,
  INSTRUMENT_FINANCE_REDACTION_CHECKED,
  INSTRUMENT_FINANCE_REDACTION_SCANNED,
} from "@assay/semconv/instruments";
import { engine } from "./engine.ts";

/** Counts what redaction looks at: values, bytes, and values in which a detector had to look. */
export function countScans(meter: Meter): void {
  const observed = (
    { name, unit, description }: { name: string; unit: string; description: string },
    read: (totals: ScanTotals) => number,
  ): void =>
    meter
      .createObservableCounter(name, { unit, description })
      .addCallback((result) => result.observe(read(engine().scanTotals())));
  observed(INSTRUMENT_FINANCE_REDACTION_CHECKED, ({ values }) => values);
  observed(INSTRUMENT_FINANCE_REDACTION_SCANNED, ({ bytes }) => bytes);
  observed(INSTRUMENT_FINANCE_REDACTION_CANDIDATES, ({ candidates }) => candidates);
}
