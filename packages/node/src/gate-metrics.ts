import {
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { type LabelGuard, seriesOf } from "./label-guard.ts";
import { type RedactorFor, redactAttributes, redactResource, redactScope } from "./gate-values.ts";

// Fifteen digits.
const LEAST_CARD = 1e14;

/**
 * Gives the function that every collection of metrics passes on its way out.
 *
 * Two points whose labels are the same after redaction, or without those that may not be one, become one: Prometheus refuses a scrape that has the same
 * series twice. Throws when the redactor does; the caller drops the collection.
 */
export function gateMetrics(
  redactorFor: RedactorFor,
  guard: LabelGuard,
): (metrics: ResourceMetrics) => ResourceMetrics {
  const redactor = redactorFor("metric", "metrics");
  const resource = redactResource(redactorFor("resource", "metrics"));
  const scope = redactScope(redactorFor("scope", "metrics"));

  // A value that is a card number: somebody recorded the wrong variable. Shorter numbers are sums and sizes.
  const isCard = (value: number | undefined): boolean =>
    value !== undefined &&
    value >= LEAST_CARD &&
    Number.isSafeInteger(value) &&
    redactor.value("", value) !== value;
  const withoutCards = (histogram: Histogram): Histogram => {
    const { sum, min, max, ...rest } = histogram;
    if (!isCard(min) && !isCard(max) && !(histogram.count === 1 && isCard(sum))) return histogram;
    return rest;
  };

  const points = <Value>(
    name: string,
    dataPoints: DataPoint<Value>[],
    merge: (one: Value, other: Value) => Value,
  ): DataPoint<Value>[] => {
    const bySeries = new Map<string, DataPoint<Value>>();
    for (const given of guard.collected(name, dataPoints)) {
      if (typeof given.value === "number" && isCard(given.value)) continue;
      const point = isHistogram(given.value)
        ? { ...given, value: withoutCards(given.value) as Value }
        : given;
      const attributes = redactAttributes(redactor, point.attributes);
      const key = seriesOf(attributes);
      const same = bySeries.get(key);
      const value = same === undefined ? point.value : merge(same.value, point.value);
      bySeries.set(key, { ...point, attributes, value });
    }
    return [...bySeries.values()];
  };

  const metric = (data: MetricData): MetricData => {
    const { descriptor } = data;
    const named = {
      ...descriptor,
      name: redactor.text(descriptor.name),
      description: redactor.text(descriptor.description),
      unit: redactor.text(descriptor.unit),
    };
    switch (data.dataPointType) {
      case DataPointType.SUM:
        return {
          ...data,
          descriptor: named,
          dataPoints: points(descriptor.name, data.dataPoints, (a, b) => a + b),
        };
      case DataPointType.GAUGE:
        return {
          ...data,
          descriptor: named,
          dataPoints: points(descriptor.name, data.dataPoints, (_, b) => b),
        };
      case DataPointType.HISTOGRAM:
        return {
          ...data,
          descriptor: named,
          dataPoints: points(descriptor.name, data.dataPoints, sumOf),
        };
      case DataPointType.EXPONENTIAL_HISTOGRAM:
        return {
          ...data,
          descriptor: named,
          dataPoints: points(descriptor.name, data.dataPoints, larger),
        };
    }
  };

  return (metrics) => ({
    resource: resource(metrics.resource),
    scopeMetrics: metrics.scopeMetrics.map((scoped) => ({
      scope: scope(scoped.scope),
      metrics: scoped.metrics.map((data) => metric(data)),
    })),
  });
}

function isHistogram(value: unknown): value is Histogram {
  return typeof value === "object" && value !== null && "count" in value;
}

/** Adds histograms of the same boundaries, which those of one instrument have, bucket by bucket. */
export function sumOf(one: Histogram, other: Histogram): Histogram {
  return {
    buckets: {
      boundaries: one.buckets.boundaries,
      counts: one.buckets.counts.map((count, index) => count + (other.buckets.counts[index] ?? 0)),
    },
    count: one.count + other.count,
    ...(one.sum === undefined || other.sum === undefined ? {} : { sum: one.sum + other.sum }),
    ...(one.min === undefined || other.min === undefined
      ? {}
      : { min: Math.min(one.min, other.min) }),
    ...(one.max === undefined || other.max === undefined
      ? {}
      : { max: Math.max(one.max, other.max) }),
  };
}

/** Exponential histograms of different scale do not add up; the larger stands for the series. */
export function larger<Value extends { count: number }>(one: Value, other: Value): Value {
  return one.count >= other.count ? one : other;
}
