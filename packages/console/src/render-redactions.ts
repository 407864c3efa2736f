import {
  ATTR_ASSAY_DROP_REASON,
  ATTR_ASSAY_SIGNAL,
  ATTR_FINANCE_DATA_CLASSIFICATION,
  ATTR_FINANCE_REDACTION_ACTION,
  ATTR_FINANCE_REDACTION_SURFACE,
  METRIC_ASSAY_TELEMETRY_DROPPED,
  METRIC_FINANCE_REDACTION_VALUES,
} from "@assay/semconv";
import { groupSeries, sumOf, type SeriesGroup } from "./group-series.ts";
import type { TelemetryStore } from "./store.ts";
import { table } from "./table.ts";
import { draw, type DrawOptions, type Line } from "./terminal.ts";

/** Draws how many values redaction removed or masked, by class, action and surface, and what was not delivered. */
export function renderRedactions(store: TelemetryStore, options: DrawOptions = {}): string {
  const metrics = store.metrics();
  const redacted = groupSeries(metrics, METRIC_FINANCE_REDACTION_VALUES, [
    ATTR_FINANCE_DATA_CLASSIFICATION,
    ATTR_FINANCE_REDACTION_ACTION,
    ATTR_FINANCE_REDACTION_SURFACE,
  ]);
  const dropped = groupSeries(metrics, METRIC_ASSAY_TELEMETRY_DROPPED, [
    ATTR_ASSAY_SIGNAL,
    ATTR_ASSAY_DROP_REASON,
  ]);
  const lines: Line[] =
    redacted.length === 0
      ? [[["  none", "dim"]]]
      : table(
          [
            { heading: "class" },
            { heading: "action" },
            { heading: "surface" },
            { heading: "values", isNumber: true },
          ],
          redacted.map(row),
        );
  if (dropped.length > 0) {
    const columns = [
      { heading: "not delivered" },
      { heading: "reason" },
      { heading: "items", isNumber: true },
    ];
    lines.push([], ...table(columns, dropped.map(row)));
  }
  return draw(lines, options);
}

function row({ labels, series }: SeriesGroup): string[] {
  return [...labels, String(sumOf(series))];
}
