import { errorsOfLog, errorsOfSpan, mergeErrors, type StoredError } from "./errors.ts";
import type { StoredLog } from "./otlp-logs.ts";
import { addMetric, type MetricPoint, type StoredMetric } from "./otlp-metrics.ts";
import type { StoredSpan } from "./otlp-traces.ts";
import { weigh } from "./otlp-values.ts";
import { groupPayments, type PaymentView } from "./payments.ts";

/** What the console holds. Reading computes from what was received until now. */
export interface TelemetryStore {
  /** The spans of a trace by start; empty when it is not held. */
  trace(traceId: string): StoredSpan[];
  /** Every trace held, oldest first. */
  traces(): StoredTrace[];
  /** The payments in the traces held, oldest first. */
  payments(): PaymentView[];
  /** Errors from Sentry envelopes, exception events of spans and exceptions in log records. */
  errors(): StoredError[];
  logs(): StoredLog[];
  /** The latest point of every series. */
  metrics(): StoredMetric[];
  /** How many items of each type came in Sentry envelopes; beyond 32 types they count as "other". */
  envelopeItems(): Record<string, number>;
  /** What was received and is not held. */
  readonly dropped: Readonly<DroppedCounts>;
}

/** The spans of one trace by start. */
export interface StoredTrace {
  traceId: string;
  spans: StoredSpan[];
}

/** What was received and is not held: the oldest of each at the cap, new series, invalid items. */
export interface DroppedCounts {
  traces: number;
  spans: number;
  logs: number;
  errors: number;
  series: number;
  invalid: number;
}

/** How much a store holds, in items, and in bytes of each of spans, logs, errors and series. */
export interface StoreLimits {
  maxSpans: number;
  maxLogs: number;
  maxErrors: number;
  maxSeries: number;
  maxBytes: number;
}

/** A store with the ways in, which only the receiver has. */
export interface WritableStore extends TelemetryStore {
  addSpans(spans: readonly StoredSpan[]): void;
  addLogs(logs: readonly StoredLog[]): void;
  addPoints(points: readonly MetricPoint[]): void;
  addError(error: StoredError): void;
  countEnvelopeItem(type: string): void;
  countInvalid(count: number): void;
}

const DEFAULTS: StoreLimits = {
  maxSpans: 20_000,
  maxLogs: 10_000,
  maxErrors: 1_000,
  maxSeries: 5_000,
  maxBytes: 64 * 1024 * 1024,
};

/** Creates a store that forgets whole traces, the oldest first, when it is full. */
export function createStore(limits: Partial<StoreLimits> = {}): WritableStore {
  const { maxSpans, maxLogs, maxErrors, maxSeries, maxBytes } = { ...DEFAULTS, ...limits };
  const traces = createTraces(maxSpans, maxBytes);
  const logs = createQueue<StoredLog>(maxLogs, maxBytes);
  const errors = createQueue<StoredError>(maxErrors, maxBytes);
  const series = new Map<string, StoredMetric>();
  const envelopeItems = new Map<string, number>();
  const counts = { series: 0, invalid: 0 };
  let seriesBytes = 0;

  const addPoint = ({ series: key, isDelta, metric }: MetricPoint): void => {
    const before = series.get(key);
    if (before === undefined) {
      const weight = weigh(metric);
      if (series.size >= maxSeries || seriesBytes + weight > maxBytes) {
        counts.series += 1;
        return;
      }
      seriesBytes += weight;
    }
    series.set(key, before !== undefined && isDelta ? addMetric(before, metric) : metric);
  };

  return {
    trace: (traceId) => traces.get(traceId),
    traces: () => traces.all(),
    payments: () => groupPayments(traces.all()),
    errors: () =>
      mergeErrors([
        ...errors.items(),
        ...traces.all().flatMap(({ spans }) => spans.flatMap(errorsOfSpan)),
        ...logs.items().flatMap(errorsOfLog),
      ]),
    logs: () => logs.items(),
    metrics: () => [...series.values()],
    envelopeItems: () => Object.fromEntries(envelopeItems),
    get dropped() {
      return {
        ...traces.dropped,
        logs: logs.dropped(),
        errors: errors.dropped(),
        ...counts,
      };
    },
    addSpans: (spans) => spans.forEach((span) => traces.add(span)),
    addLogs: (records) => records.forEach((record) => logs.add(record)),
    addPoints: (points) => points.forEach(addPoint),
    addError: (error) => {
      // Sentry's client sends an envelope again when the answer did not arrive.
      const isRepeat = errors.items().some(({ eventId }) => eventId === error.eventId);
      if (error.eventId === "" || !isRepeat) errors.add(error);
    },
    countEnvelopeItem: (type) => {
      const key = envelopeItems.size < 32 || envelopeItems.has(type) ? type : "other";
      envelopeItems.set(key, (envelopeItems.get(key) ?? 0) + 1);
    },
    countInvalid: (count) => {
      counts.invalid += count;
    },
  };
}

interface HeldTrace {
  spans: Map<string, StoredSpan>;
  bytes: number;
}

function createTraces(
  maxSpans: number,
  maxBytes: number,
): {
  add(span: StoredSpan): void;
  get(traceId: string): StoredSpan[];
  all(): StoredTrace[];
  dropped: { traces: number; spans: number };
} {
  const held = new Map<string, HeldTrace>();
  const dropped = { traces: 0, spans: 0 };
  let spanCount = 0;
  let byteCount = 0;

  // The oldest trace but the one that is growing; whole, for half a trace misleads.
  const forgetOldest = (keep: string): boolean => {
    for (const [traceId, { spans, bytes }] of held) {
      if (traceId === keep) continue;
      held.delete(traceId);
      spanCount -= spans.size;
      byteCount -= bytes;
      dropped.traces += 1;
      dropped.spans += spans.size;
      return true;
    }
    return false;
  };

  return {
    dropped,
    add: (span) => {
      // An exporter sends a batch again when the answer did not arrive.
      if (held.get(span.traceId)?.spans.has(span.spanId) === true) return;
      const weight = weigh(span);
      const isFull = (): boolean => spanCount >= maxSpans || byteCount + weight > maxBytes;
      while (isFull() && forgetOldest(span.traceId));
      if (isFull()) {
        dropped.spans += 1;
        return;
      }
      const trace = held.get(span.traceId) ?? { spans: new Map(), bytes: 0 };
      held.set(span.traceId, trace);
      trace.spans.set(span.spanId, span);
      trace.bytes += weight;
      spanCount += 1;
      byteCount += weight;
    },
    get: (traceId) => sortSpans(held.get(traceId)),
    all: () => [...held].map(([traceId, trace]) => ({ traceId, spans: sortSpans(trace) })),
  };
}

function sortSpans(trace: HeldTrace | undefined): StoredSpan[] {
  return [...(trace?.spans.values() ?? [])].toSorted((a, b) =>
    a.startNs === b.startNs ? 0 : a.startNs < b.startNs ? -1 : 1,
  );
}

function createQueue<Item>(
  maxItems: number,
  maxBytes: number,
): { add(item: Item): void; items(): Item[]; dropped(): number } {
  const queue: { item: Item; weight: number }[] = [];
  let bytes = 0;
  let dropped = 0;
  return {
    add: (item) => {
      const weight = weigh(item);
      queue.push({ item, weight });
      bytes += weight;
      while (queue.length > maxItems || bytes > maxBytes) {
        bytes -= queue.shift()?.weight ?? 0;
        dropped += 1;
      }
    },
    items: () => queue.map(({ item }) => item),
    dropped: () => dropped,
  };
}
