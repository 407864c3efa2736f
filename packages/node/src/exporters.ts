import { TraceFlags } from "@opentelemetry/api";
import type { ExportResult } from "@opentelemetry/core";
import {
  ConsoleLogRecordExporter,
  type LogRecordExporter,
  type LogRecordProcessor,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import type { IMetricReader } from "@opentelemetry/sdk-metrics";
import {
  ConsoleSpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import type { Config } from "./config.ts";
import { createSay } from "./diagnostics.ts";
import { gateLogs } from "./gate-logs.ts";
import { gateSpans } from "./gate-spans.ts";
import type { RedactorFor } from "./gate-values.ts";
import { keepJudged } from "./judge.ts";
import { metricReader } from "./metric-reader.ts";
import { deliver, type Sender } from "./delivery.ts";
import { createDropClasses, type DropClass } from "./drop-class.ts";
import { encodingOf } from "./encoding.ts";
import { lazy } from "./lazy.ts";
import { createOpenSpans, type OpenSpans } from "./open-spans.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import type { SelfMetrics, Signal } from "./self-metrics.ts";
import type { OutboxSpool } from "./spool.ts";
import { capacityBytes, weighRecord, weighSpan } from "./weight.ts";

/** Everything that leaves by OTLP or /metrics, made behind the gate and nowhere else. */
export interface Exporters {
  spanProcessors: SpanProcessor[];
  logRecordProcessors: LogRecordProcessor[];
  metricReaders: IMetricReader[];
  openSpans: OpenSpans;
  spans?: Outbox<ReadableSpan>;
  logs?: Outbox<ReadableLogRecord>;
}

/** Makes the exporters that the configuration asks for; each is wrapped before anyone else can hold it. */
export function createExporters(
  config: Config,
  redactorFor: RedactorFor,
  self: SelfMetrics,
): Exporters {
  const say = createSay(() => redactorFor("diagnostic"), "ASSAY_EXPORT");
  const openSpans = createOpenSpans();
  const exporters: Exporters = {
    spanProcessors: [openSpans.processor],
    logRecordProcessors: [],
    metricReaders: [],
    openSpans,
  };
  const classes = createDropClasses();
  const spool = config.spoolDir === "" ? undefined : loadSpool().spoolOf(config, redactorFor, self);
  const outboxOf = <Item>(
    signal: Signal,
    items: string,
    gate: (items: readonly Item[]) => Item[],
    weigh: (item: Item) => number,
    classOf: (item: Item) => DropClass,
    load: () => Sender<Item[]>,
    disk: OutboxSpool<Item> | undefined,
    [capacity, batchSize, delayMs]: readonly [number, number, number],
  ): Outbox<Item> =>
    createOutbox<Item>({
      items,
      gate,
      send: (batch) => deliver(load, [...batch]),
      weigh,
      classOf,
      capacity,
      capacityBytes: capacityBytes(),
      batchSize: Math.min(batchSize, capacity),
      delayMs,
      spool: disk,
      onDropped: (gone, reason) => {
        for (const [of, count] of countBy(gone, classOf)) self.dropped(signal, reason, count, of);
      },
      say,
    });

  for (const name of config.tracesExporter) {
    if (name === "none") continue;
    const made = lazy(() => gateSpans(redactorFor));
    const gate = keepJudged("traces", (span) => made()(span), self, classes.ofSpan);
    if (name === "console") {
      const exporter = gated<ReadableSpan, SpanExporter>(new ConsoleSpanExporter(), gate);
      exporters.spanProcessors.push(new SimpleSpanProcessor({ exporter }));
      continue;
    }
    const encoding = encodingOf(config.tracesProtocol, config);
    const otlp = lazy(() => loadOtlp().otlpSpans(encoding));
    const { spanQueue, spanBatch, spanDelay } = config;
    const gateAndRemember = (spans: readonly ReadableSpan[]): ReadableSpan[] => {
      classes.remember(spans);
      return gate(spans);
    };
    const limits = [spanQueue, spanBatch, spanDelay] as const;
    const outbox = outboxOf(
      "traces",
      "spans",
      gateAndRemember,
      weighSpan,
      classes.ofSpan,
      otlp,
      spool?.of(encoders().spanEncoder(config)),
      limits,
    );
    exporters.spans = outbox;
    exporters.spanProcessors.push({
      onStart() {},
      onEnd(span) {
        if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) outbox.push(span);
      },
      ...drainedBy(outbox),
    });
  }

  for (const name of config.logsExporter) {
    if (name === "none") continue;
    const made = lazy(() => gateLogs(redactorFor));
    const gate = keepJudged("logs", (record) => made()(record), self, classes.ofRecord);
    if (name === "console") {
      const inner = new ConsoleLogRecordExporter();
      const exporter = gated<ReadableLogRecord, LogRecordExporter>(inner, gate);
      exporters.logRecordProcessors.push(new SimpleLogRecordProcessor({ exporter }));
      continue;
    }
    const encoding = encodingOf(config.logsProtocol, config);
    const otlp = lazy(() => loadOtlp().otlpLogs(encoding));
    const { logQueue, logBatch, logDelay } = config;
    const limits = [logQueue, logBatch, logDelay] as const;
    const outbox = outboxOf(
      "logs",
      "log records",
      gate,
      weighRecord,
      classes.ofRecord,
      otlp,
      spool?.of(encoders().recordEncoder(config)),
      limits,
    );
    exporters.logs = outbox;
    exporters.logRecordProcessors.push({
      onEmit: (record) => outbox.push(record),
      ...drainedBy(outbox),
    });
  }

  for (const name of config.metricsExporter) {
    const reader = metricReader(name, config, redactorFor, self, say);
    if (reader !== undefined) exporters.metricReaders.push(reader);
  }
  return exporters;
}

// With it comes http, which an application that sends nothing does not need.
const loadOtlp = (): typeof import("./otlp.ts") => require("./otlp");
const loadSpool = (): typeof import("./spool.ts") => require("./spool");
const encoders = (): typeof import("./exit-requests.ts") => require("./exit-requests");

function countBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

interface Exporter<Item> {
  export(items: Item[], done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

function drainedBy(
  outbox: Pick<Outbox<unknown>, "drain">,
): Pick<SpanProcessor, "forceFlush" | "shutdown"> {
  const drain = async (): Promise<void> => {
    await outbox.drain();
  };
  return { forceFlush: drain, shutdown: drain };
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
