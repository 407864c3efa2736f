import { isMainThread } from "node:worker_threads";
import { context } from "@opentelemetry/api";
import { ExportResultCode, suppressTracing } from "@opentelemetry/core";
import {
  AggregationType,
  ConsoleMetricExporter,
  type IMetricReader,
  InstrumentType,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { Config } from "./config.ts";
import { type DeclaredReader, envOf } from "./declared.ts";
import type { Say } from "./diagnostics.ts";
import { gateMetrics } from "./gate-metrics.ts";
import type { RedactorFor } from "./gate-values.ts";
import { keepJudged } from "./judge.ts";
import { deliver, type Sender } from "./delivery.ts";
import { encodingOf } from "./encoding.ts";
import type { LabelGuard } from "./label-guard.ts";
import { lazy } from "./lazy.ts";
import { collectQuietly } from "./quiet-collection.ts";
import type { SelfMetrics } from "./self-metrics.ts";
import { temporalityOf } from "./temporality.ts";

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
  const declared = config.file?.declared.readers[name] ?? {};
  const { intervalMs = config.metricInterval, cardinality, batchSize } = declared;
  const reader = new PeriodicExportingMetricReader({
    exporter: gatedExporter({
      load: lazy(() => (name === "otlp" ? loadOtlp(config) : loadConsole())),
      judge: keepJudged("metrics", gate, self),
      declared,
      onDropped: (count) => self.dropped("metrics", "queue_full", count),
      say,
    }),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(intervalMs, 30_000),
    ...(cardinality === undefined ? {} : { cardinalityLimits: cardinality }),
    ...(batchSize === undefined ? {} : { maxExportBatchSize: batchSize }),
  });
  return collectQuietly(reader);
}

interface MetricSender extends Sender<ResourceMetrics> {
  exporter: PushMetricExporter;
}

function loadOtlp(config: Config): MetricSender {
  const { otlpMetrics } = require("./otlp") as typeof import("./otlp.ts");
  return otlpMetrics(encodingOf(config.metricsProtocol, config), envOf(config));
}

function loadConsole(): MetricSender {
  return { exporter: new ConsoleMetricExporter(), begin() {} };
}

interface GatedExporterOptions {
  /** Gives what sends; called for the first collection. */
  load: () => MetricSender;
  judge: (collections: readonly ResourceMetrics[]) => ResourceMetrics[];
  declared: DeclaredReader;
  onDropped: (count: number) => void;
  say: Say;
}

// An hour of them at the interval that is the default.
const MOST_WAITING = 60;

/**
 * Metrics are totals: only the newest collection counts, and one that fails is made good by the next.
 *
 * So a collection is taken at once and sent when the one before it has been answered. The reader would otherwise log
 * each failure itself, and time out a Collector that is slower than the interval. When a configuration file asks for
 * deltas, or for batches, each collection is a part of the whole: it waits until it is delivered, MOST_WAITING of them
 * at most.
 */
function gatedExporter(options: GatedExporterOptions): PushMetricExporter {
  const { load, judge, declared, onDropped, say } = options;
  const { temporality = "cumulative", histogram, batchSize } = declared;
  const areTotals = temporality === "cumulative" && batchSize === undefined;
  let waiting: ResourceMetrics[] = [];
  let sending: Promise<void> | undefined;
  let failing = false;

  const sendAll = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const collection = next;
      const delivery = await context.with(suppressTracing(context.active()), () =>
        deliver(load, collection),
      );
      if (!delivery.ok && !failing) {
        const then = areTotals
          ? "Totals go with the next export."
          : `Up to ${MOST_WAITING} collections of them are held and sent again.`;
        say(`metrics are not delivered: ${delivery.reason}. ${then}`);
      }
      if (delivery.ok && failing) say("metrics are delivered again.");
      failing = !delivery.ok;
      if (areTotals || delivery.ok) continue;
      if (delivery.rejected) onDropped(1);
      else {
        waiting.unshift(collection);
        break;
      }
    }
    sending = undefined;
  };

  return {
    export(metrics, done) {
      const judged = judge([metrics]);
      if (!areTotals) {
        waiting.push(...judged);
        if (waiting.length > MOST_WAITING) onDropped(waiting.splice(0, 1).length);
      } else if (judged.length > 0) waiting = judged;
      // With nothing to send it would end before it is noted here.
      if (waiting.length > 0) sending ??= sendAll();
      done({ code: ExportResultCode.SUCCESS });
    },
    forceFlush: async () => {
      await sending;
      await load().exporter.forceFlush();
    },
    shutdown: () => load().exporter.shutdown(),
    selectAggregationTemporality: (type) => temporalityOf(temporality, type),
    selectAggregation: (type) =>
      type === InstrumentType.HISTOGRAM && histogram === "base2_exponential_bucket_histogram"
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
        : { type: AggregationType.DEFAULT },
  };
}
