import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { startPrometheus } from "../src/prometheus.ts";
import { createSelfMetrics } from "../src/self-metrics.ts";

test("a collection that the gate fails on shows neither a metric nor the resource", async () => {
  const dropped: unknown[][] = [];
  const reader = startPrometheus(
    readConfig({ OTEL_EXPORTER_PROMETHEUS_PORT: "0" }, () => {}),
    () => {
      throw new Error("the engine failed");
    },
    { ...createSelfMetrics(), dropped: (...told) => dropped.push(told) },
    () => {},
  );
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ "owner.phone": "254712345678" }),
    readers: [reader],
  });
  provider.getMeter("shop").createCounter("orders").add(1);
  const { resourceMetrics, errors } = await reader.collect();
  expect({ attributes: resourceMetrics.resource.attributes, resourceMetrics, errors }).toEqual({
    attributes: {},
    resourceMetrics: { resource: expect.anything(), scopeMetrics: [] },
    errors: [],
  });
  expect(dropped).toEqual([["metrics", "redaction_failed", 1]]);
});
