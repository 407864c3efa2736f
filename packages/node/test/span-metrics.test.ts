import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { createTracerProvider } from "../src/tracer-provider.ts";
import { recordSpans } from "./recorded-spans.ts";
import { resource, sampler } from "./span-collector.ts";

test("with a meter provider the SDK's own metrics of spans are those of upstream", async () => {
  const [ours, upstreams] = [metered(), metered()];
  const options = { resource, sampler, spanProcessors: [] };
  const { meterProvider } = ours;
  recordSpans(createTracerProvider({ ...options, meterProvider }).getTracer("pay"));
  recordSpans(
    new TracerProvider({ ...options, meterProvider: upstreams.meterProvider }).getTracer("pay"),
  );
  const series = await ours.series();
  expect(series).toEqual(await upstreams.series());
  expect(series.map(([name]) => name)).toEqual(["otel.sdk.span.started", "otel.sdk.span.live"]);
});

function metered(): {
  meterProvider: MeterProvider;
  series: () => Promise<[string, string, unknown[]][]>;
} {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const meterProvider = new MeterProvider({ readers: [reader], sdkMetricsEnabled: true });
  return {
    meterProvider,
    async series() {
      await meterProvider.forceFlush();
      const collected = exporter.getMetrics().slice();
      await meterProvider.shutdown();
      return collected
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
        .filter(({ descriptor }) => descriptor.name.startsWith("otel.sdk.span"))
        .map(({ descriptor, dataPoints }) => [
          descriptor.name,
          `${descriptor.unit} ${descriptor.description}`,
          dataPoints.map(({ attributes, value }) => [attributes, value]),
        ]);
    },
  };
}
