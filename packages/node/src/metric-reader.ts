import { isMainThread } from "node:worker_threads";
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
import { deliver, type Sender } from "./delivery.ts";
import { encodingOf } from "./encoding.ts";
import type { LabelGuard } from "./label-guard.ts";
import { lazy } from "./lazy.ts";
import type { SelfMetrics } from "./self-metrics.ts";

export interface MetricReaderOptions {
  config: Config;
  redactorFor: RedactorFor;
  labelGuard: LabelGuard;
  self: SelfMetrics;
  say: Say;
}

/** Makes the reader of one OTEL_METRICS_EXPORTER, behind the gate. */
export function metricReader(
  name: string,
  { config, redactorFor, labelGuard, self, say }: MetricReaderOptions,
): IMetricReader | undefined {
  // A thread would take the port of /metrics from its process, or find it in use.
  if (name === "none" || (name === "prometheus" && !isMainThread)) return undefined;
  const made = lazy(() => gateMetrics(redactorFor, labelGuard));
  const gate = (metrics: ResourceMetrics): ResourceMetrics => made()(metrics);
  if (name === "prometheus") {
    const { startPrometheus } = require("./prometheus") as typeof import("./prometheus.ts");
    return startPrometheus(config, gate, self, say);
  }
  return new PeriodicExportingMetricReader({
    exporter: gatedExporter({
      load: lazy(() => (name === "otlp" ? loadOtlp(config) : loadConsole())),
      judge: keepJudged("metrics", gate, self),
      say,
    }),
    exportIntervalMillis: config.metricInterval,
    exportTimeoutMillis: Math.min(config.metricInterval, 30_000),
  });
}

interface MetricSender extends Sender<ResourceMetrics> {
  exporter: PushMetricExporter;
}

function loadOtlp(config: Config): MetricSender {
  const { otlpMetrics } = require("./otlp") as typeof import("./otlp.ts");
  return otlpMetrics(encodingOf(config.metricsProtocol, config));
}

function loadConsole(): MetricSender {
  return { exporter: new ConsoleMetricExporter(), begin() {} };
}

interface GatedExporterOptions {
  /** Gives what sends; called for the first collection. */
  load: () => MetricSender;
  judge: (collections: readonly ResourceMetrics[]) => ResourceMetrics[];
  say: Say;
}

/**
 * Metrics are totals: only the newest collection counts, and one that fails is made good by the next.
 *
 * So a collection is taken at once and sent when the one before it has been answered. The reader would otherwise log
 * each failure itself, and time out a Collector that is slower than the interval.
 */
function gatedExporter({ load, judge, say }: GatedExporterOptions): PushMetricExporter {
  let newest: ResourceMetrics | undefined;
  let sending: Promise<void> | undefined;
  let failing = false;

  const sendNewest = async (): Promise<void> => {
    while (newest !== undefined) {
      const collection = newest;
      newest = undefined;
      const delivery = await context.with(suppressTracing(context.active()), () =>
        deliver(load, collection),
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
      await load().exporter.forceFlush();
    },
    shutdown: () => load().exporter.shutdown(),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  };
}
