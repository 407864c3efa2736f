import { context, logs, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

/** What the package under test has recorded. */
export interface Recorded extends Disposable {
  spans: InMemorySpanExporter;
  logs: InMemoryLogRecordExporter;
  /** Series of a metric, as label to value; a histogram gives its count. Labels that are asked for only. */
  series(metric: string, labels: readonly string[]): Promise<Record<string, number>>;
  /** Those of them that are not zero. */
  counted(metric: string, labels: readonly string[]): Promise<Record<string, number>>;
  /** Bucket boundaries of a histogram. */
  buckets(metric: string): Promise<number[]>;
}

/** Registers an SDK that keeps all in memory. */
export function recordTelemetry(): Recorded {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  });
  const records = new InMemoryLogRecordExporter();
  const loggerProvider = new LoggerProvider({
    processors: [new SimpleLogRecordProcessor({ exporter: records })],
  });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  // As @assay/node does: what is observed no more is gone.
  exporter.selectAggregationTemporality = (type) =>
    type === InstrumentType.OBSERVABLE_GAUGE
      ? AggregationTemporality.DELTA
      : AggregationTemporality.CUMULATIVE;
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  logs.setGlobalLoggerProvider(loggerProvider);
  const pointsOf = async (metric: string) => {
    const { resourceMetrics } = await reader.collect();
    const data = resourceMetrics.scopeMetrics
      .flatMap((scope) => scope.metrics)
      .find(({ descriptor }) => descriptor.name === metric);
    return data?.dataPoints ?? [];
  };
  const series: Recorded["series"] = async (metric, labels) => {
    const points = (await pointsOf(metric)).map(({ attributes, value }) => {
      const label = labels.map((name) => (attributes[name] as string | undefined) ?? "-").join(" ");
      return [label, typeof value === "number" ? value : value.count] as const;
    });
    const sums: Record<string, number> = {};
    for (const [label, value] of points) sums[label] = (sums[label] ?? 0) + value;
    return sums;
  };
  return {
    spans,
    logs: records,
    series,
    async counted(metric, labels) {
      const all = Object.entries(await series(metric, labels));
      return Object.fromEntries(all.filter(([, value]) => value !== 0));
    },
    async buckets(metric) {
      const [point] = await pointsOf(metric);
      const { buckets } = (point?.value ?? {}) as { buckets?: { boundaries: number[] } };
      return buckets?.boundaries ?? [];
    },
    [Symbol.dispose]() {
      trace.disable();
      metrics.disable();
      context.disable();
      logs.disable();
      void tracerProvider.shutdown();
      void meterProvider.shutdown();
    },
  };
}
