import type { StoredBucket } from "./otlp-metrics.ts";

/**
 * The bound that a quantile does not exceed: the upper bound of the bucket in which it falls.
 *
 * Buckets of several series may be mixed, also with different bounds. Infinity when it falls in the
 * last, open bucket; undefined when nothing was counted.
 */
export function quantileBound(
  buckets: readonly StoredBucket[],
  quantile: number,
): number | undefined {
  const sorted = buckets.toSorted((a, b) => (a.upTo < b.upTo ? -1 : a.upTo > b.upTo ? 1 : 0));
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefined;
  let counted = 0;
  for (const { upTo, count } of sorted) {
    counted += count;
    if (counted >= quantile * total) return upTo;
  }
  return Infinity;
}

/** Writes the bound of a quantile in seconds: `≤ 250 ms`, `≤ 2.5 s`, `> 300 s`. */
export function formatBound(buckets: readonly StoredBucket[], quantile: number): string {
  const bound = quantileBound(buckets, quantile);
  if (bound === undefined) return "";
  if (bound !== Infinity) return `≤ ${formatSeconds(bound)}`;
  const finite = buckets.map(({ upTo }) => upTo).filter((upTo) => upTo !== Infinity);
  return finite.length === 0 ? "?" : `> ${formatSeconds(Math.max(...finite))}`;
}

function formatSeconds(seconds: number): string {
  const [value, unit] = seconds < 1 ? [seconds * 1_000, "ms"] : [seconds, "s"];
  return `${Number(value.toPrecision(3))} ${unit}`;
}
