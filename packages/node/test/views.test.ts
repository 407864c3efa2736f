import { type Attributes, ROOT_CONTEXT } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { INSTRUMENT_FINANCE_PAYMENT_DURATION } from "@assay/semconv/instruments";
import { expect, test } from "vitest";
import { createViews } from "../src/views.ts";

test("an instrument of the registry has its boundaries, and no label that it does not declare", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const provider = new MeterProvider({ readers: [reader], views: createViews() });
  const { name, unit, buckets } = INSTRUMENT_FINANCE_PAYMENT_DURATION;
  const duration = provider.getMeter("shop").createHistogram(name, { unit });
  duration.record(2, { "finance.outcome": "completed", "finance.tenant.id": "org_42" });
  duration.record(3, { "finance.outcome": "completed", "finance.tenant.id": "org_43" });
  await provider.forceFlush();
  expect(exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics[0]?.dataPoints).toMatchObject([
    {
      attributes: { "finance.outcome": "completed" },
      value: { count: 2, buckets: { boundaries: [...buckets] } },
    },
  ]);
  expect(exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.attributes).toEqual({
    "finance.outcome": "completed",
  });
  await provider.shutdown();
});

test("a view of a configuration file takes labels and series away from an instrument of the registry, and adds none", () => {
  const { name } = INSTRUMENT_FINANCE_PAYMENT_DURATION;
  const views = createViews([
    {
      instrumentName: name,
      included: ["finance.outcome", "finance.tenant.id"],
      cardinality: 1_000_000,
    },
    { instrumentName: "shop.*", aggregation: { kind: "drop" } },
  ]);
  const own = createViews().find(({ instrumentName }) => instrumentName === name);
  const found = views.filter(({ instrumentName }) => instrumentName === name);
  const attributes = { "finance.outcome": "completed", "finance.tenant.id": "org_42", rail: "x" };
  const left = found[0]?.attributesProcessors?.reduce(
    (kept, processor) => processor.process(kept, ROOT_CONTEXT),
    attributes as Attributes,
  );
  expect(found).toHaveLength(1);
  expect(left).toEqual({ "finance.outcome": "completed" });
  expect(found[0]?.aggregationCardinalityLimit).toBe(own?.aggregationCardinalityLimit ?? 1_000_000);
  expect(views.at(-1)).toMatchObject({ instrumentName: "shop.*" });
});
