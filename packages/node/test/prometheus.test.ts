import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { startPrometheus } from "../src/prometheus.ts";
import { createSelfMetrics } from "../src/self-metrics.ts";

interface Started {
  provider: MeterProvider;
  dropped: unknown[][];
  scrape(): Promise<{ status: number; text: string }>;
}

async function start(gate: (metrics: ResourceMetrics) => ResourceMetrics): Promise<Started> {
  const dropped: unknown[][] = [];
  let resolve: (sentence: string) => void = () => {};
  const said = new Promise<string>((done) => {
    resolve = done;
  });
  const reader = startPrometheus(
    readConfig({ OTEL_EXPORTER_PROMETHEUS_PORT: "0" }, () => {}),
    gate,
    { ...createSelfMetrics(), dropped: (...told) => dropped.push(told) },
    (sentence) => resolve(sentence),
  );
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ "owner.phone": "254712345678" }),
    readers: [reader],
  });
  const [url = ""] = /http:\S+metrics/.exec(await said) ?? [];
  return {
    provider,
    dropped,
    async scrape() {
      const response = await fetch(url);
      return { status: response.status, text: await response.text() };
    },
  };
}

test("a scrape that the gate fails on is a 500 with a reason, and shows neither a metric nor the resource", async () => {
  const { provider, dropped, scrape } = await start(() => {
    throw new Error("the engine failed on 254712345678");
  });
  provider.getMeter("shop").createCounter("orders").add(1);
  expect(await scrape()).toEqual({
    status: 500,
    text: "# the metrics could not be redacted, so none is shown\n",
  });
  expect(dropped).toEqual([["metrics", "redaction_failed", 1]]);
});

test("a callback of the application that throws costs its own instrument alone", async () => {
  const { provider, scrape } = await start((metrics) => metrics);
  const meter = provider.getMeter("shop");
  meter.createCounter("orders").add(1);
  meter.createObservableGauge("broken").addCallback(() => {
    throw new Error("no");
  });
  const { status, text } = await scrape();
  expect({
    status,
    orders: text.includes("orders_total 1"),
    broken: text.includes("broken"),
  }).toEqual({
    status: 200,
    orders: true,
    broken: false,
  });
});

test("a scrape has each series once, and no label twice or without a name", async () => {
  const { provider, scrape } = await start((metrics) => metrics);
  for (const scope of ["a", "b"]) {
    provider
      .getMeter(scope)
      .createCounter("orders")
      .add(1, { "payment.type": "push", payment_type: "pull", "2fa": true });
  }
  const { text } = await scrape();
  expect(text.split("\n").filter((line) => line.startsWith("orders_total"))).toEqual([
    'orders_total{key_2fa="true",payment_type="push;pull"} 2',
  ]);
});
