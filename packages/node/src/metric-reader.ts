import { context } from "@opentelemetry/api";
import { ExportResultCode, suppressTracing } from "@opentelemetry/core";
import {
  AggregationTemporality,
  ConsoleMetricExporter,
  type IMetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { Config } from "./config.ts";
import type { Say } from "./diagnostics.ts";
import { gateMetrics } from "./gate-metrics.ts";
import type { RedactorFor } from "./gate-values.ts";
import { keepJudged } from "./judge.ts";
import { deliver, encodingOf, otlpMetrics } from "./otlp.ts";
import { startPrometheus } from "./prometheus.ts";
import type { SelfMetrics } from "./self-metrics.ts";

/** Makes the reader of one OTEL_METRICS_EXPORTER, behind the gate. */
export function metricReader(
  name: string,
  config: Config,
  redactorFor: RedactorFor,
  self: SelfMetrics,
  say: Say,
): IMetricReader | undefined {
  if (name === "none") return undefined;
  const gate = gateMetrics(redactorFor);
  if (name === "prometheus") return startPrometheus(config, gate, self, say);
  const otlp =
    name === "otlp" ? otlpMetrics(encodingOf(config.metricsProtocol, config)) : undefined;
  return new PeriodicExportingMetricReader({
    exporter: gatedExporter({
      inner: otlp?.exporter ?? new ConsoleMetricExporter(),
      begin: otlp?.begin ?? (() => {}),
      judge: keepJudged("metrics", gate, self),
      say,
    }),
    exportIntervalMillis: config.metricInterval,
    exportTimeoutMillis: Math.min(config.metricInterval, 30_000),
  });
}

interface GatedExporterOptions {
  inner: PushMetricExporter;
  begin: () => void;
  judge: (collections: readonly ResourceMetrics[]) => ResourceMetrics[];
  say: Say;
}

/**
 * Metrics are totals: only the newest collection counts, and one that fails is made good by the next.
 *
 * So a collection is taken at once and sent when the one before it has been answered. The reader would otherwise log
 * each failure itself, and time out a Collector that is slower than the interval.
 */
function gatedExporter({ inner, begin, judge, say }: GatedExporterOptions): PushMetricExporter {
  let newest: ResourceMetrics | undefined;
  let sending: Promise<void> | undefined;
  let failing = false;

  const sendNewest = async (): Promise<void> => {
    while (newest !== undefined) {
      const collection = newest;
      newest = undefined;
      begin();
      const delivery = await context.with(suppressTracing(context.active()), () =>
        deliver((done) => inner.export(collection, done)),
      );
      if (!delivery.ok && !failing) {
        say(`metrics are not delivered: ${delivery.reason}. Totals go with the next export.`);
      }
      if (delivery.ok && failing) say("metrics are delivered again.");
      failing = !delivery.ok;
    }
    sending = undefined;
  };

  return {
    export(metrics, done) {
      const [judged] = judge([metrics]);
      newest = judged ?? newest;
      sending ??= sendNewest();
      done({ code: ExportResultCode.SUCCESS });
    },
    forceFlush: async () => {
      await sending;
      await inner.forceFlush();
    },
    shutdown: () => inner.shutdown(),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  };
}
