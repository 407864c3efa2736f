import type { Attributes } from "@opentelemetry/api";
import { DataPointType, type MetricData, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { toPrometheusName } from "@assay/semconv/prometheus-name";

/**
 * Gives `metrics` with each name as Prometheus' own OTLP receiver would store it.
 *
 * `@opentelemetry/exporter-prometheus` leaves out the unit, so that one instrument had two names: one when it is
 * scraped, another when it is pushed.
 */
export function withPrometheusNames(metrics: ResourceMetrics): ResourceMetrics {
  return {
    ...metrics,
    scopeMetrics: metrics.scopeMetrics.map((scoped) => ({
      ...scoped,
      metrics: scoped.metrics.map((data) => ({
        ...data,
        descriptor: { ...data.descriptor, name: prometheusName(data) },
        dataPoints: data.dataPoints.map((point) => ({
          ...point,
          attributes: withLegalLabels(point.attributes),
        })),
      })) as MetricData[],
    })),
  };
}

/**
 * Names labels as Prometheus' receiver does: what is neither letter nor digit is `_`, a name that begins with a digit has
 * `key_` before it. Of two that become the same the values are joined: a label that stood twice would fail the scrape.
 */
function withLegalLabels(attributes: Attributes): Attributes {
  const labels: Attributes = {};
  for (const key of Object.keys(attributes).toSorted()) {
    const legal = key.replaceAll(/[^a-zA-Z0-9_]+/g, "_").replaceAll(/_{2,}/g, "_");
    const name = /^\d/.test(legal) ? `key_${legal}` : legal;
    const value = attributes[key];
    labels[name] = name in labels ? `${textOf(labels[name])};${textOf(value)}` : value;
  }
  return labels;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Gives the metric name that `UnderscoreEscapingWithSuffixes` makes of what an instrument collected. */
export function prometheusName(data: Pick<MetricData, "descriptor" | "dataPointType">): string {
  const { name, unit } = data.descriptor;
  return toPrometheusName({ name, unit, kind: kindOf(data) });
}

function kindOf(
  data: Pick<MetricData, "dataPointType">,
): "counter" | "updowncounter" | "gauge" | "histogram" {
  if (data.dataPointType === DataPointType.GAUGE) return "gauge";
  if (data.dataPointType !== DataPointType.SUM) return "histogram";
  return "isMonotonic" in data && data.isMonotonic === true ? "counter" : "updowncounter";
}
