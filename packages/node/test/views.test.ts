import type { Attributes } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  type MetricData,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { createRedactor } from "@assay/redaction";
import { INSTRUMENT_FINANCE_PAYMENT_DURATION } from "@assay/semconv/instruments";
import { expect, test } from "vitest";
import { gateMetrics } from "../src/gate-metrics.ts";
import { createLabelGuard } from "../src/label-guard.ts";
import { createSelfMetrics } from "../src/self-metrics.ts";
import { createViews, guardInstruments } from "../src/views.ts";

function meterProvider(declared: Parameters<typeof createViews>[0] = []) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const provider = new MeterProvider({ readers: [reader], views: createViews(declared) });
  const counted: string[] = [];
  const said: string[] = [];
  const self = { ...createSelfMetrics(), counted: (what: string) => counted.push(what) };
  const guard = createLabelGuard(self, (sentence) => said.push(sentence));
  guardInstruments(provider, guard);
  const gate = gateMetrics(() => createRedactor(), guard);
  return {
    meter: provider.getMeter("shop"),
    counted,
    said,
    /** What leaves, by the names of the instruments. */
    async collect(): Promise<Record<string, MetricData["dataPoints"]>> {
      const { resourceMetrics } = await reader.collect();
      const all = gate(resourceMetrics).scopeMetrics.flatMap(({ metrics }) => metrics);
      return Object.fromEntries(all.map((data) => [data.descriptor.name, data.dataPoints]));
    },
  };
}

const values = (points: MetricData["dataPoints"] = []): [Attributes, unknown][] =>
  points.map(({ attributes, value }) => [attributes, value]);

test("an instrument of the registry has its boundaries, and no label that it does not declare", async () => {
  const { meter, collect } = meterProvider();
  const { name, unit, buckets } = INSTRUMENT_FINANCE_PAYMENT_DURATION;
  const duration = meter.createHistogram(name, { unit });
  duration.record(2, { "finance.outcome": "completed", "finance.tenant.id": "org_42" });
  duration.record(3, { "finance.outcome": "completed", "finance.tenant.id": "org_43" });
  expect(values((await collect())[name])).toEqual([
    [
      { "finance.outcome": "completed" },
      expect.objectContaining({
        count: 2,
        buckets: expect.objectContaining({ boundaries: [...buckets] }),
      }),
    ],
  ]);
});

test("an application's own instruments lose what is unbounded, are told once and lose no count", async () => {
  const { meter, collect, counted, said } = meterProvider();
  const requests = meter.createCounter("shop.requests");
  for (const id of ["pay_1", "pay_2"]) {
    requests.add(1, {
      "finance.payment.id": id,
      customerId: id,
      msisdn: "254712345678",
      queue: "a",
    });
  }
  meter.createObservableCounter("shop.observed").addCallback((result) => {
    result.observe(2, { path: "/pay/1", queue: "a" });
    result.observe(3, { path: "/pay/2", queue: "a" });
  });
  const first = await collect();
  expect({
    sync: values(first["shop.requests"]),
    observed: values(first["shop.observed"]),
  }).toEqual({ sync: [[{ queue: "a" }, 2]], observed: [[{ queue: "a" }, 5]] });
  const labels = ["finance.payment.id", "customerId", "msisdn"].map((label) => `requests ${label}`);
  expect(said).toEqual(
    [...labels, "observed path"].map((offence) => {
      const [instrument, label] = offence.split(" ");
      return `the instrument shop.${instrument} has the label ${label}, which may not be one or has no bound; it is left out. Put it on the span.`;
    }),
  );
  expect(counted).toEqual(["label", "label", "label", "label"]);
});

test("no instrument has two streams", async () => {
  const { meter, collect } = meterProvider();
  meter.createCounter("finance.errors").add(1);
  const { "finance.errors": points } = await collect();
  expect(values(points)).toEqual([[{}, 1]]);
});

test("an instrument that reaches its limit is named once and grows no further, however often it is collected", async () => {
  const { meter, collect, counted, said } = meterProvider();
  const orders = meter.createCounter("shop.orders");
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) orders.add(1, { batch: `b${at}`, queue: "a" });
  };
  add(0, 1_500);
  await collect();
  add(1_500, 3_000);
  const { length } = (await collect())["shop.orders"]!;
  add(3_000, 6_000);
  const { "shop.orders": last = [] } = await collect();
  const total = values(last).reduce((sum, [, value]) => sum + Number(value), 0);
  expect({ said, counted, total, growth: last.length - length }).toEqual({
    said: [
      "the instrument shop.orders has reached its limit of 2000 series, most of them by its label batch; what is new is one series, otel.metric.overflow.",
    ],
    counted: ["overflow"],
    total: 6_000,
    growth: 1,
  });
});

test("a view of a configuration file takes labels away from an instrument of the registry and adds none, by a wildcard not at all", async () => {
  const { name } = INSTRUMENT_FINANCE_PAYMENT_DURATION;
  const { meter, collect } = meterProvider([
    { instrumentName: name, included: ["finance.outcome", "finance.tenant.id"] },
    { instrumentName: "finance.*", aggregation: { kind: "drop" } },
    { instrumentName: "shop.hidden", aggregation: { kind: "drop" } },
    { instrumentName: "shop.orders", excluded: ["queue"] },
  ]);
  const labels = { "finance.payment.method": "card", "finance.tenant.id": "org_42" };
  meter.createHistogram(name).record(2, { "finance.outcome": "completed", ...labels });
  meter.createCounter("finance.errors").add(1);
  meter.createCounter("shop.hidden").add(1);
  meter.createCounter("shop.orders").add(1, { queue: "a", batch: "b", customerId: "c" });
  const collected = await collect();
  expect(Object.keys(collected).toSorted()).toEqual(["finance.errors", name, "shop.orders"]);
  expect(collected[name]?.map(({ attributes }) => attributes)).toEqual([
    { "finance.outcome": "completed" },
  ]);
  expect(values(collected["shop.orders"])).toEqual([[{ batch: "b" }, 1]]);
});
