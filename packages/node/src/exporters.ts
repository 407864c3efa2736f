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
import { envOf } from "./declared.ts";
import { createSay } from "./diagnostics.ts";
import { gateLogs } from "./gate-logs.ts";
import { gateSpans } from "./gate-spans.ts";
import type { RedactorFor } from "./gate-values.ts";
import { keepJudged } from "./judge.ts";
import { metricReader } from "./metric-reader.ts";
import { deliver, type Sender } from "./delivery.ts";
import { createDropClasses, type DropClass } from "./drop-class.ts";
import { encodingOf } from "./encoding.ts";
import { createLabelGuard, type LabelGuard } from "./label-guard.ts";
import { lazy } from "./lazy.ts";
import { isDuplicate } from "./log-bridge.ts";
import { readLine } from "./log-line.ts";
import { createOpenSpans, type OpenSpans } from "./open-spans.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import type { SelfMetrics, Signal } from "./self-metrics.ts";
import type { OutboxSpool } from "./spool.ts";
import { spanWriter } from "./span-writer.ts";
import { capacityBytes, weighRecord, weighSpan } from "./weight.ts";
import type { WrittenSpan } from "./written-span.ts";

/** Everything that leaves by OTLP or /metrics, made behind the gate and nowhere else. */
export interface Exporters {
  spanProcessors: SpanProcessor[];
  logRecordProcessors: LogRecordProcessor[];
  metricReaders: IMetricReader[];
  labelGuard: LabelGuard;
  openSpans: OpenSpans;
  spans?: Outbox<ReadableSpan, WrittenSpan>;
  logs?: Outbox<ReadableLogRecord>;
}

/** Makes the exporters that the configuration asks for; each is wrapped before anyone else can hold it. */
export function createExporters(
  config: Config,
  redactorFor: RedactorFor,
  self: SelfMetrics,
): Exporters {
  const say = createSay(() => redactorFor("diagnostic"), "ASSAY_EXPORT");
  const labelGuard = createLabelGuard(
    self,
    createSay(() => redactorFor("diagnostic"), "ASSAY_METRIC"),
  );
  const openSpans = createOpenSpans();
  const exporters: Exporters = {
    spanProcessors: [openSpans.processor],
    logRecordProcessors: [],
    metricReaders: [],
    labelGuard,
    openSpans,
  };
  const classes = createDropClasses();
  const spool = config.spoolDir === "" ? undefined : loadSpool().spoolOf(config, redactorFor, self);
  const outboxOf = <Item, Kept>(
    signal: Signal,
    items: string,
    gate: (items: readonly Item[]) => Kept[],
    weigh: (item: Item) => number,
    classOf: (item: Item) => DropClass,
    classOfKept: (kept: Kept) => DropClass,
    load: () => Sender<Kept[]>,
    disk: OutboxSpool<Kept> | undefined,
    [capacity, batchSize, delayMs]: readonly [number, number, number],
  ): Outbox<Item, Kept> =>
    createOutbox<Item, Kept>({
      items,
      gate,
      send: (batch) => deliver(load, [...batch]),
      weigh,
      classOf,
      classOfKept,
      capacity,
      capacityBytes: capacityBytes(),
      batchSize: Math.min(batchSize, capacity),
      delayMs,
      spool: disk,
      onDropped: (gone, reason) => {
        for (const [of, count] of countOf(gone)) self.dropped(signal, reason, count, of);
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
    const otlp = lazy(() => loadOtlp().otlpSpans(encoding, envOf(config)));
    const { spanQueue, spanBatch, spanDelay } = config;
    let isTold = false;
    const write = spanWriter(encoding, classes.ofSpan, () => {
      self.dropped("traces", "rejected", 1);
      if (!isTold)
        say("spans whose time cannot be written as OTLP are lost, and counted in metrics.");
      isTold = true;
    });
    const gateAndWrite = (spans: readonly ReadableSpan[]): WrittenSpan[] => {
      classes.remember(spans);
      return write(gate(spans));
    };
    const limits = [spanQueue, spanBatch, spanDelay] as const;
    const outbox = outboxOf(
      "traces",
      "spans",
      gateAndWrite,
      weighSpan,
      classes.ofSpan,
      ({ dropClass }) => dropClass,
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
    const most = logAttributeLimit(config);
    const gate = keepJudged(
      "logs",
      (record: ReadableLogRecord) => made()(readLine(record, most)),
      self,
      classes.ofRecord,
    );
    if (name === "console") {
      const inner = new ConsoleLogRecordExporter();
      const exporter = gated<ReadableLogRecord, LogRecordExporter>(inner, gate);
      const processor = new SimpleLogRecordProcessor({ exporter });
      exporters.logRecordProcessors.push(withoutDuplicates(processor));
      continue;
    }
    const encoding = encodingOf(config.logsProtocol, config);
    const otlp = lazy(() => loadOtlp().otlpLogs(encoding, envOf(config)));
    const { logQueue, logBatch, logDelay } = config;
    const limits = [logQueue, logBatch, logDelay] as const;
    const outbox = outboxOf(
      "logs",
      "log records",
      gate,
      weighRecord,
      classes.ofRecord,
      classes.ofRecord,
      otlp,
      spool?.of(encoders().recordEncoder(config)),
      limits,
    );
    exporters.logs = outbox;
    exporters.logRecordProcessors.push(
      withoutDuplicates({ onEmit: (record) => outbox.push(record), ...drainedBy(outbox) }),
    );
  }

  for (const name of config.metricsExporter) {
    const reader = metricReader(name, { config, redactorFor, labelGuard, self, say });
    if (reader !== undefined) exporters.metricReaders.push(reader);
  }
  return exporters;
}

/** Log records may have as many attributes as this. */
export function logAttributeLimit({ attributeCount, logAttributeCount }: Config): number {
  return Number.isFinite(logAttributeCount) ? logAttributeCount : attributeCount;
}

function withoutDuplicates(processor: LogRecordProcessor): LogRecordProcessor {
  return {
    onEmit(record, at) {
      if (!isDuplicate(record.instrumentationScope.name, record.body)) processor.onEmit(record, at);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

// With it comes http, which an application that sends nothing does not need.
const loadOtlp = (): typeof import("./otlp.ts") => require("./otlp");
const loadSpool = (): typeof import("./spool.ts") => require("./spool");
const encoders = (): typeof import("./exit-requests.ts") => require("./exit-requests");

function countOf(classes: readonly DropClass[]): Map<DropClass, number> {
  const counts = new Map<DropClass, number>();
  for (const each of classes) counts.set(each, (counts.get(each) ?? 0) + 1);
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
