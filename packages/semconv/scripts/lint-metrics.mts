import { namespaceOf } from "./names.mts";
import type { Attribute, Metric, Registry } from "./registry.mts";
import { isUcum } from "../src/ucum.ts";
import type { Upstream } from "./upstream.mts";

// Whatever a registry says of its cardinality: who pays and what is paid is never a label.
const IDENTITY =
  /(?:^|\.)(?:tenant|organization|customer|counterparty|payment|user|enduser|wallet|account)(?:\.target)?\.id$/;

/** What is wrong with metrics and thresholds, one sentence each. */
export function lintMetrics(registry: Registry, upstream: Upstream): string[] {
  const known = new Map(
    [...registry.attributes, ...registry.imports].map((entry) => [entry.key, entry]),
  );
  return [
    ...registry.metrics.flatMap((metric) => [
      ...labels(metric, known),
      ...shape(metric),
      ...boundaries(metric, registry),
    ]),
    ...registry.importedMetrics
      .filter(({ name }) => !upstream.metrics.has(name))
      .map(
        ({ name }) => `imports.yaml names ${name}, which OpenTelemetry's package does not export.`,
      ),
    ...thresholds(registry),
    ...namespaces(registry),
  ];
}

function labels({ name, references, maxSeries }: Metric, known: Map<string, Attribute>): string[] {
  return references.flatMap(({ key }) => {
    if (IDENTITY.test(key))
      return [
        `${name} has ${key}: tenants, customers and payments are on spans, never on a metric.`,
      ];
    const cardinality = known.get(key)?.cardinality;
    if (cardinality === "unbounded")
      return [`${name} has ${key}, which is unbounded: put it on the span instead.`];
    if (cardinality === "scoped" && maxSeries === undefined) {
      return [
        `${name} has ${key}, which is scoped: set annotations.cardinality.max_series on the metric.`,
      ];
    }
    return [];
  });
}

function shape({ name, unit, valueType, references }: Metric): string[] {
  const problems: string[] = [];
  if (!isUcum(unit)) problems.push(`${name} has the unit ${unit}, which is not UCUM.`);
  if (valueType !== "int" && valueType !== "double") {
    problems.push(
      `${name} has no annotations.code_generation.metric_value_type: use int or double.`,
    );
  }
  if (/[._]total$/.test(name))
    problems.push(`${name} ends with total, which Prometheus adds itself.`);
  if (unit === "{minor_unit}") {
    if (valueType === "double")
      problems.push(`${name} is money and its value type is double: use int.`);
    const hasCurrency = references.some(
      ({ key, level }) => key === "finance.currency.code" && level === "required",
    );
    if (!hasCurrency) problems.push(`${name} is money and does not require finance.currency.code.`);
  }
  return problems;
}

function boundaries({ name, instrument, unit, buckets }: Metric, registry: Registry): string[] {
  if (instrument !== "histogram") {
    return buckets === undefined ? [] : [`${name} has bucket boundaries and is a ${instrument}.`];
  }
  if (buckets === undefined)
    return [`${name} has no annotations.advice.explicit_bucket_boundaries.`];
  if (buckets.some((bucket, index) => bucket <= (buckets[index - 1] ?? -1))) {
    return [`${name} has bucket boundaries that do not ascend.`];
  }
  if (unit !== "s") return [];
  const limits = [...new Set(registry.thresholds.map(({ limit_ms: limit }) => limit))];
  return limits
    .filter((limit) => !buckets.includes(limit / 1000))
    .map((limit) => `${name} has no bucket boundary at ${limit / 1000} s, which is a threshold.`);
}

function thresholds({ thresholds: all, metrics }: Registry): string[] {
  return all.flatMap(({ name, metric }, index) => {
    if (all.findIndex((other) => other.name === name) !== index)
      return [`The threshold ${name} is defined twice.`];
    const found = metrics.find((other) => other.name === metric);
    return found?.instrument === "histogram" && found.unit === "s"
      ? []
      : [`The threshold ${name} is for ${metric}, which is no histogram in seconds.`];
  });
}

function namespaces(registry: Registry): string[] {
  const all = [
    ...registry.attributes.map(({ key }) => key),
    ...registry.metrics.map(({ name }) => name),
  ];
  const prefixes = registry.namespaces.flatMap((namespace) => namespace.prefixes);
  return [
    ...prefixes
      .filter((prefix, index) => prefixes.indexOf(prefix) !== index)
      .map((prefix) => `namespaces.yaml gives the prefix ${prefix} twice.`),
    ...registry.namespaces
      .filter((namespace) =>
        all.every((name) => namespaceOf(name, registry.namespaces) !== namespace),
      )
      .map(({ name }) => `The namespace ${name} has no attribute and no metric.`),
  ];
}
