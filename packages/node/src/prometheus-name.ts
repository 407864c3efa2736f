import { DataPointType, type MetricData, type ResourceMetrics } from "@opentelemetry/sdk-metrics";

/** UCUM units as Prometheus spells them; from the OpenTelemetry specification's compatibility section. */
const UNITS: Readonly<Record<string, string>> = {
  d: "days",
  h: "hours",
  min: "minutes",
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
  By: "bytes",
  KiBy: "kibibytes",
  MiBy: "mebibytes",
  GiBy: "gibibytes",
  TiBy: "tibibytes",
  KBy: "kilobytes",
  MBy: "megabytes",
  GBy: "gigabytes",
  TBy: "terabytes",
  m: "meters",
  V: "volts",
  A: "amperes",
  J: "joules",
  W: "watts",
  g: "grams",
  Cel: "celsius",
  Hz: "hertz",
  "%": "percent",
};

const PER: Readonly<Record<string, string>> = {
  s: "second",
  m: "minute",
  min: "minute",
  h: "hour",
  d: "day",
  w: "week",
  mo: "month",
  y: "year",
};

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

/** Gives the metric name that `UnderscoreEscapingWithSuffixes` makes of an instrument. */
export function prometheusName(data: Pick<MetricData, "descriptor" | "dataPointType">): string {
  const { name, unit } = data.descriptor;
  const isCounter =
    data.dataPointType === DataPointType.SUM && "isMonotonic" in data && data.isMonotonic === true;
  let tokens = name.split(/[^a-zA-Z0-9:]+/).filter((token) => token !== "");
  const [main = "", per] = unit.replaceAll(/\{[^}]*\}/g, "").split("/", 2);
  tokens = append(tokens, UNITS[main] ?? main.replaceAll(/[^a-zA-Z0-9]+/g, ""));
  if (per !== undefined && per !== "") tokens = append(append(tokens, "per"), PER[per] ?? per);
  if (unit === "1" && data.dataPointType === DataPointType.GAUGE) tokens = append(tokens, "ratio");
  if (isCounter) tokens = [...tokens.filter((token) => token !== "total"), "total"];
  const joined = tokens.join("_");
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

// "1" is no unit; a word that the name already has is not repeated.
function append(tokens: string[], word: string): string[] {
  return word === "" || word === "1" || tokens.includes(word) ? tokens : [...tokens, word];
}
