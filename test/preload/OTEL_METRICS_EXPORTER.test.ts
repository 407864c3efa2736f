import { expect, test } from "vitest";
import { startApplication } from "./application.ts";
import { once, sent, told } from "./sent.ts";

test("OTEL_METRICS_EXPORTER says where metrics go: to the console, nowhere, and to the Collector by default", async () => {
  const [printed, none, byDefault] = await Promise.all([
    sent({ env: { OTEL_METRICS_EXPORTER: "console" } }),
    sent({ env: { OTEL_METRICS_EXPORTER: "none" } }),
    sent(),
  ]);
  const names = [printed, none, byDefault].map(({ metrics }) => metrics.map(({ name }) => name));
  expect(names).toEqual([[], [], expect.arrayContaining(["everything.counted"])]);
  expect(printed.said.join("\n")).toContain("everything.counted");
  expect(none.said).toEqual([]);
});

test("OTEL_METRICS_EXPORTER=prometheus serves gated text on loopback, with units in the names", async () => {
  await using application = await startApplication({
    file: "metrics.cjs",
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
    },
    ready: /metrics is served at/,
  });
  const url = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(application.output())?.[0] ?? "";
  const text = await (await fetch(url)).text();
  expect(text).toContain('shop_orders_total{rail="mpesa"} 2');
  expect(text).toContain("shop_wait_seconds_count 1");
  expect(text).not.toContain("bank.example");
});

test("a wrong OTEL_METRICS_EXPORTER is one sentence", async () => {
  expect(await told("OTEL_METRICS_EXPORTER", "statsd")).toEqual(
    once(
      'OTEL_METRICS_EXPORTER is "statsd"; use a list of otlp, prometheus and console, or none. Assay uses otlp.',
    ),
  );
});
