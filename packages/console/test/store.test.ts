import { expect, test } from "vitest";
import { readLogs } from "../src/otlp-logs.ts";
import { readMetrics } from "../src/otlp-metrics.ts";
import { readTraces } from "../src/otlp-traces.ts";
import { readSentryEvent } from "../src/sentry-event.ts";
import { createStore } from "../src/store.ts";
import {
  counterRequest,
  histogramRequest,
  INITIATION,
  PAYMENT_SPANS,
  tracesRequest,
  type SpanSketch,
} from "./otlp-payment.ts";

function spansOf(trace: string, count: number) {
  const sketches = Array.from({ length: count }, (_, index): SpanSketch => ({
    trace,
    id: index + 1,
    name: "work",
    time: [index, index + 1],
  }));
  return readTraces(tracesRequest(sketches)).items;
}

const [A, B, C] = ["a".repeat(32), "b".repeat(32), "c".repeat(32)] as const;
const NOTHING = { traces: 0, spans: 0, logs: 0, errors: 0, series: 0, invalid: 0 };

test("at the cap the oldest trace goes whole, and what went is counted", () => {
  const store = createStore({ maxSpans: 6 });
  for (const trace of [A, B, C]) store.addSpans(spansOf(trace, 3));
  expect([store.traces().map(({ traceId }) => traceId), store.trace(A), store.dropped]).toEqual([
    [B, C],
    [],
    { ...NOTHING, traces: 1, spans: 3 },
  ]);
});

test("one trace larger than the cap keeps its beginning and counts the rest", () => {
  const store = createStore({ maxSpans: 4 });
  store.addSpans(spansOf(A, 10));
  expect([store.trace(A).length, store.dropped]).toEqual([4, { ...NOTHING, spans: 6 }]);
});

test("few but large spans, log records and errors are held to a number of bytes", () => {
  const store = createStore({ maxBytes: 100_000 });
  const large = "x".repeat(10_000);
  for (let index = 1; index <= 20; index += 1) {
    const trace = index.toString(16).padStart(32, "0");
    store.addSpans(readTraces(tracesRequest([{ trace, id: 1, name: large, time: [0, 1] }])).items);
    const logRecords = [{ body: { stringValue: large } }];
    store.addLogs(readLogs({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }).items);
    store.addError(readSentryEvent({ message: `${index}${large}`, event_id: String(index) }, 0n));
  }
  const { traces, spans, logs, errors } = store.dropped;
  expect({ traces, spans, logs, errors, held: store.traces().length }).toEqual({
    traces: 16,
    spans: 16,
    logs: 16,
    errors: 16,
    held: 4,
  });
});

test("a batch that is sent again is held once", () => {
  const store = createStore();
  store.addSpans(spansOf(A, 3));
  store.addSpans(spansOf(A, 3));
  store.addError(readSentryEvent({ event_id: "one", message: "gone" }, 0n));
  store.addError(readSentryEvent({ event_id: "one", message: "gone" }, 0n));
  expect([store.trace(A).length, store.errors().map(({ count }) => count)]).toEqual([3, [1]]);
});

test("a cumulative point replaces the last of its series, a delta adds to it, exactly", () => {
  const store = createStore();
  const add = (aggregationTemporality: number, value: string): void => {
    const request = counterRequest("spent", [[{ kind: "a" }, value]], { aggregationTemporality });
    store.addPoints(readMetrics(request).items);
  };
  add(2, "10");
  add(2, "9007199254740993");
  add(1, "2");
  expect(store.metrics().map(({ value }) => value)).toEqual([9_007_199_254_740_995n]);
});

test("beyond the cap new series are counted and those held go on", () => {
  const store = createStore({ maxSeries: 1 });
  const points = (first: number): Parameters<typeof counterRequest>[1] => [
    [{ kind: "a" }, first],
    [{ kind: "b" }, 1],
  ];
  store.addPoints(readMetrics(counterRequest("spent", points(1))).items);
  store.addPoints(readMetrics(counterRequest("spent", points(2))).items);
  expect([store.metrics().map(({ value }) => value), store.dropped.series]).toEqual([[2n], 2]);
});

test("an exponential histogram is held as buckets with upper bounds", () => {
  const point = {
    count: "3",
    scale: 0,
    zeroCount: "1",
    positive: { offset: 1, bucketCounts: ["2"] },
  };
  const metric = { name: "size", exponentialHistogram: { dataPoints: [point] } };
  const { items } = readMetrics({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
  expect(items.map(({ metric: { buckets } }) => buckets)).toEqual([
    [
      { upTo: 0, count: 1 },
      { upTo: 4, count: 2 },
    ],
  ]);
});

test("points without a value and summaries are rejected", () => {
  const metrics = [
    { name: "a", sum: { dataPoints: [{}] } },
    { name: "b", summary: { dataPoints: [{}, {}] } },
  ];
  const histogram = histogramRequest("c", [1], [[{}, [1, 2]]]);
  expect([
    readMetrics({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
    readMetrics(histogram).rejected,
  ]).toEqual([{ items: [], rejected: 3 }, 0]);
});

test("the same error by Sentry envelope and by span is one error that came on two ways", () => {
  const store = createStore();
  const exception = { "exception.type": "TypeError", "exception.message": "x is undefined" };
  const sketch = PAYMENT_SPANS.find(({ trace }) => trace === INITIATION);
  const events = [{ name: "exception", ms: 5, attributes: exception }];
  store.addSpans(readTraces(tracesRequest([{ ...sketch!, events }])).items);
  const event = {
    event_id: "e1",
    exception: { values: [{ type: "TypeError", value: "x is undefined" }] },
    contexts: { trace: { trace_id: INITIATION, span_id: "000000000000000b" } },
  };
  store.addError(readSentryEvent(event, 1n));
  expect(
    store.errors().map(({ sources, count, spanId, service }) => [sources, count, spanId, service]),
  ).toEqual([[["sentry", "span"], 2, "000000000000000b", "mpesa-mcp"]]);
});

test("types of envelope items beyond thirty-two count as other", () => {
  const store = createStore();
  for (let index = 0; index < 40; index += 1) store.countEnvelopeItem(`type ${index}`);
  expect([Object.keys(store.envelopeItems()).length, store.envelopeItems()["other"]]).toEqual([
    33, 8,
  ]);
});
