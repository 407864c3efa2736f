import {
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import { larger, sumOf } from "./gate-metrics.ts";
import { seriesOf } from "./label-guard.ts";

/**
 * Gives metrics that have each series once: sums and histograms added, of a gauge the last.
 *
 * Two scopes of one process may have an instrument of one name, too; /metrics shows no scope.
 */
export function mergeMetrics(parts: readonly (readonly MetricData[])[]): MetricData[] {
  const merged = new Map<string, MetricData>();
  for (const data of parts.flat()) {
    const isMonotonic = "isMonotonic" in data && data.isMonotonic;
    const { name, unit } = data.descriptor;
    const key = JSON.stringify([name, unit, data.dataPointType, isMonotonic]);
    merged.set(key, withPoints(data, merged.get(key)?.dataPoints ?? []));
  }
  return [...merged.values()];
}

/** Gives what of a process counts on after its end: its counters and histograms. */
export function accumulated(metrics: readonly MetricData[]): MetricData[] {
  return metrics.filter((data) =>
    data.dataPointType === DataPointType.SUM
      ? data.isMonotonic
      : data.dataPointType !== DataPointType.GAUGE,
  );
}

function withPoints(data: MetricData, before: MetricData["dataPoints"]): MetricData {
  switch (data.dataPointType) {
    case DataPointType.SUM:
      return { ...data, dataPoints: merge(before as typeof data.dataPoints, data.dataPoints, add) };
    case DataPointType.GAUGE:
      return {
        ...data,
        dataPoints: merge(before as typeof data.dataPoints, data.dataPoints, last),
      };
    case DataPointType.HISTOGRAM:
      return {
        ...data,
        dataPoints: merge(before as typeof data.dataPoints, data.dataPoints, sumOfSame),
      };
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return {
        ...data,
        dataPoints: merge(before as typeof data.dataPoints, data.dataPoints, larger),
      };
  }
}

function merge<Value>(
  before: readonly DataPoint<Value>[],
  after: readonly DataPoint<Value>[],
  combine: (one: Value, other: Value) => Value,
): DataPoint<Value>[] {
  const bySeries = new Map<string, DataPoint<Value>>();
  for (const point of [...before, ...after]) {
    const key = seriesOf(point.attributes);
    const same = bySeries.get(key);
    bySeries.set(
      key,
      same === undefined ? point : { ...point, value: combine(same.value, point.value) },
    );
  }
  return [...bySeries.values()];
}

function add(one: number, other: number): number {
  return one + other;
}

function last(_one: number, other: number): number {
  return other;
}

// Two versions of an application may run in one cluster for a while.
function sumOfSame(one: Histogram, other: Histogram): Histogram {
  const isSame = String(one.buckets.boundaries) === String(other.buckets.boundaries);
  return isSame ? sumOf(one, other) : larger(one, other);
}
