import { TraceFlags } from "@opentelemetry/api";
import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import {
  ConsoleLogRecordExporter,
  type LogRecordExporter,
  type LogRecordProcessor,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  ConsoleMetricExporter,
  type IMetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import {
  ConsoleSpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import type { Config } from "./config.ts";
import { createSay, type Say } from "./diagnostics.ts";
import { gateLogs } from "./gate-logs.ts";
import { gateMetrics } from "./gate-metrics.ts";
import { gateSpans } from "./gate-spans.ts";
import type { RedactorFor } from "./gate-values.ts";
import { deliver, type Encoding, otlpLogs, otlpMetrics, otlpSpans } from "./otlp.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { startPrometheus } from "./prometheus.ts";
import type { SelfMetrics } from "./self-metrics.ts";

/** Everything that leaves by OTLP or /metrics, made behind the gate and nowhere else. */
export interface Exporters {
  spanProcessors: SpanProcessor[];
  logRecordProcessors: LogRecordProcessor[];
  metricReaders: IMetricReader[];
  spans?: Outbox<ReadableSpan>;
  logs?: Outbox<ReadableLogRecord>;
}

/** Makes the exporters that the configuration asks for; each is wrapped before anyone else can hold it. */
export function createExporters(
  config: Config,
  redactorFor: RedactorFor,
  self: SelfMetrics,
): Exporters {
  const say = createSay(redactorFor("diagnostic"), "ASSAY_EXPORT");
  const exporters: Exporters = { spanProcessors: [], logRecordProcessors: [], metricReaders: [] };

  for (const name of config.tracesExporter) {
    if (name === "none") continue;
    const gate = keepJudged("traces", gateSpans(redactorFor), self);
    if (name === "console") {
      const exporter = gated<ReadableSpan, SpanExporter>(new ConsoleSpanExporter(), gate);
      exporters.spanProcessors.push(new SimpleSpanProcessor({ exporter }));
      continue;
    }
    const { exporter, begin } = otlpSpans(encodingOf(config.tracesProtocol, config));
    const outbox = createOutbox<ReadableSpan>({
      items: "spans",
      gate,
      send: (batch) => {
        begin();
        return deliver((done) => exporter.export([...batch], done));
      },
      capacity: config.spanQueue,
      batchSize: Math.min(config.spanBatch, config.spanQueue),
      delayMs: config.spanDelay,
      onDropped: (count, reason) => self.dropped("traces", reason, count),
      say,
    });
    exporters.spans = outbox;
    exporters.spanProcessors.push({
      onStart() {},
      onEnd(span) {
        if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) outbox.push(span);
      },
      forceFlush: async () => void (await outbox.drain()),
      shutdown: async () => void (await outbox.drain()),
    });
  }

  for (const name of config.logsExporter) {
    if (name === "none") continue;
    const gate = keepJudged("logs", gateLogs(redactorFor), self);
    if (name === "console") {
      const inner = new ConsoleLogRecordExporter();
      const exporter = gated<ReadableLogRecord, LogRecordExporter>(inner, gate);
      exporters.logRecordProcessors.push(new SimpleLogRecordProcessor({ exporter }));
      continue;
    }
    const { exporter, begin } = otlpLogs(encodingOf(config.logsProtocol, config));
    const outbox = createOutbox<ReadableLogRecord>({
      items: "log records",
      gate,
      send: (batch) => {
        begin();
        return deliver((done) => exporter.export([...batch], done));
      },
      capacity: config.logQueue,
      batchSize: Math.min(config.logBatch, config.logQueue),
      delayMs: config.logDelay,
      onDropped: (count, reason) => self.dropped("logs", reason, count),
      say,
    });
    exporters.logs = outbox;
    exporters.logRecordProcessors.push({
      onEmit: (record) => outbox.push(record),
      forceFlush: async () => void (await outbox.drain()),
      shutdown: async () => void (await outbox.drain()),
    });
  }

  for (const name of config.metricsExporter) {
    const reader = metricReader(name, config, redactorFor, self, say);
    if (reader !== undefined) exporters.metricReaders.push(reader);
  }
  return exporters;
}

function metricReader(
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
  const inner: PushMetricExporter = otlp?.exporter ?? new ConsoleMetricExporter();
  let failing = false;
  const exporter: PushMetricExporter = {
    export(metrics, done) {
      const judged = keepJudged("metrics", gate, self)([metrics])[0];
      if (judged === undefined) return done({ code: ExportResultCode.FAILED });
      otlp?.begin();
      inner.export(judged, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !failing) {
          say(
            `metrics are not delivered: ${result.error?.message ?? "no reason given"}. Totals go with the next export.`,
          );
        }
        if (!failed && failing) say("metrics are delivered again.");
        failing = failed;
        // Told as success: the reader would log the failure a second time, and totals are not lost by it.
        done({ code: ExportResultCode.SUCCESS });
      });
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  };
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: config.metricInterval,
    exportTimeoutMillis: Math.min(config.metricInterval, 30_000),
  });
}

interface Exporter<Item> {
  export(items: Item[], done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

// The gate: what cannot be judged is dropped and counted, and the rest of the batch goes on.
function keepJudged<Item>(
  signal: "traces" | "logs" | "metrics",
  redact: (item: Item) => Item,
  self: SelfMetrics,
): (items: readonly Item[]) => Item[] {
  return (items) =>
    items.flatMap((item) => {
      try {
        return [redact(item)];
      } catch {
        self.dropped(signal, "redaction_failed", 1);
        return [];
      }
    });
}

function gated<Item, Kind extends Exporter<Item>>(
  inner: Kind,
  gate: (items: readonly Item[]) => Item[],
): Kind {
  const outer: Exporter<Item> = {
    export: (items, done) => inner.export(gate(items), done),
    shutdown: () => inner.shutdown(),
    forceFlush: async () => inner.forceFlush?.(),
  };
  return outer as Kind;
}

function encodingOf(own: string, config: Config): Encoding {
  return (own === "" ? config.protocol : own) as Encoding;
}
