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
      })),
    })),
  };
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
