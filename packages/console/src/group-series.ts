import type { StoredMetric } from "./otlp-metrics.ts";
import type { AttributeValue } from "./otlp-values.ts";

/** Series of one metric that have the same values for some attributes. */
export interface SeriesGroup {
  /** The values of the attributes, in the order asked for; `-` where a series has none. */
  labels: string[];
  series: StoredMetric[];
}

/** Groups the series of a metric by attributes, sorted by their values. */
export function groupSeries(
  metrics: readonly StoredMetric[],
  name: string,
  keys: readonly string[],
): SeriesGroup[] {
  const groups = new Map<string, SeriesGroup>();
  for (const metric of metrics) {
    if (metric.name !== name) continue;
    const labels = keys.map((key) => labelOf(metric.attributes[key]));
    const id = JSON.stringify(labels);
    const group = groups.get(id) ?? { labels, series: [] };
    groups.set(id, group);
    group.series.push(metric);
  }
  return [...groups.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function labelOf(value: AttributeValue | undefined): string {
  if (value === undefined || value === null || value === "") return "-";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The sum of the values of counters, exact when every sender counts in whole numbers. */
export function sumOf(series: readonly StoredMetric[]): number | bigint {
  return series.reduce<number | bigint>((sum, { value = 0 }) => {
    const whole = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
    return typeof sum === "bigint" && typeof whole === "bigint"
      ? sum + whole
      : Number(sum) + Number(whole);
  }, 0n);
}
