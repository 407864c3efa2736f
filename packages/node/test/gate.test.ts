import {
  createTraceState,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  ValueType,
} from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { createRedactor, type Finding } from "@assay/redaction";
import { expect, test } from "vitest";
import { gateLogs } from "../src/gate-logs.ts";
import { gateMetrics } from "../src/gate-metrics.ts";
import { gateSpans } from "../src/gate-spans.ts";
import type { LabelGuard } from "../src/label-guard.ts";
import type { Surface } from "../src/gate-values.ts";

const PAN = "4111111111111111";
const traceState = createTraceState(`card=${PAN},vendor=ok`);
const spanContext = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  traceFlags: TraceFlags.SAMPLED,
  traceState,
};
const resource = resourceFromAttributes({ "owner.card": PAN, "service.name": "pay" });
const instrumentationScope = { name: `scope ${PAN}`, version: "1.0.0" };

const span: ReadableSpan = {
  name: `charge ${PAN}`,
  kind: SpanKind.CLIENT,
  spanContext: () => spanContext,
  parentSpanContext: spanContext,
  startTime: [1, 0],
  endTime: [2, 0],
  status: { code: SpanStatusCode.ERROR, message: `declined ${PAN}` },
  attributes: { note: PAN, [`card.${PAN}`]: "kept", nested: { list: [PAN] }, amount: 150_000 },
  links: [{ context: spanContext, attributes: { note: PAN, kept: "kept" } }],
  events: [{ name: `event ${PAN}`, time: [1, 0], attributes: { note: PAN, kept: "kept" } }],
  duration: [1, 0],
  ended: true,
  resource,
  instrumentationScope,
  droppedAttributesCount: 1,
  droppedEventsCount: 2,
  droppedLinksCount: 3,
};

test("a card number leaves on no surface of a span, and everything harmless does", () => {
  const found: Surface[] = [];
  const gate = gateSpans((surface) => createRedactor({ onFinding: () => found.push(surface) }));
  const out = gate(span);
  const state = out.spanContext().traceState?.serialize();
  expect(
    JSON.stringify([out, out.attributes, state, out.links[0]?.context.traceState?.serialize()]),
  ).not.toContain(PAN);
  expect(state).toBe("vendor=ok");
  expect(out).toMatchObject({
    kind: SpanKind.CLIENT,
    status: { code: SpanStatusCode.ERROR },
    attributes: { amount: 150_000 },
    events: [{ attributes: { kept: "kept" } }],
    links: [{ attributes: { kept: "kept" } }],
    resource: { attributes: { "service.name": "pay" } },
    droppedAttributesCount: 1,
    droppedEventsCount: 2,
    droppedLinksCount: 3,
  });
  expect(new Set(found)).toEqual(
    new Set(["name", "status", "attribute", "event", "link", "trace_state", "resource", "scope"]),
  );
});

test("the application's own span is not changed", () => {
  gateSpans(() => createRedactor())(span);
  expect(span.attributes["note"]).toBe(PAN);
  expect(span.spanContext().traceState?.serialize()).toBe(`card=${PAN},vendor=ok`);
});

test("a card number leaves in no part of a log record", () => {
  const record: ReadableLogRecord = {
    hrTime: [1, 0],
    hrTimeObserved: [1, 0],
    spanContext,
    severityText: `E ${PAN}`,
    severityNumber: 17,
    body: { text: `card ${PAN}`, kept: "kept", bytes: new TextEncoder().encode(PAN) },
    eventName: `event ${PAN}`,
    resource,
    instrumentationScope,
    attributes: { note: PAN },
    droppedAttributesCount: 0,
  };
  const out = gateLogs(() => createRedactor())(record);
  // Bytes with a finding come out as the words that stand for it.
  expect(JSON.stringify(out) + String((out.body as { bytes?: unknown }).bytes)).not.toContain(PAN);
  expect(out).toMatchObject({ severityNumber: 17, body: { kept: "kept" } });
});

function metricsOf(data: object): ResourceMetrics {
  const descriptor = {
    name: "payments",
    description: `of ${PAN}`,
    unit: "1",
    valueType: ValueType.INT,
  };
  const aggregationTemporality = AggregationTemporality.CUMULATIVE;
  const metric = { descriptor, aggregationTemporality, ...data } as MetricData;
  return { resource, scopeMetrics: [{ scope: instrumentationScope, metrics: [metric] }] };
}

// What it takes off is what test/views.test.ts asks.
const noGuard: LabelGuard = {
  processorOf: () => ({ process: (incoming) => incoming }),
  collected: (_instrument, points) => [...points],
};
const times = { startTime: [1, 0], endTime: [2, 0] };

test("series that redaction makes the same become one, with their sum", () => {
  const gate = gateMetrics(() => createRedactor(), noGuard);
  const out = gate(
    metricsOf({
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      dataPoints: [
        { ...times, value: 2, attributes: { "user.email": "a@bank.example", rail: "mpesa" } },
        { ...times, value: 3, attributes: { "user.email": "b@bank.example", rail: "mpesa" } },
        { ...times, value: 7, attributes: { rail: "card" } },
      ],
    }),
  );
  const points = out.scopeMetrics[0]?.metrics[0]?.dataPoints.map(({ value }) => value);
  expect(points).toEqual([5, 7]);
  expect(JSON.stringify(out)).not.toMatch(/bank\.example|4111111111111111/);
});

test("histograms of one series add up bucket by bucket", () => {
  const histogram = (counts: number[], sum: number) => ({
    buckets: { boundaries: [1, 2], counts },
    count: counts.reduce((a, b) => a + b),
    sum,
    min: 1,
    max: sum,
  });
  const out = gateMetrics(
    () => createRedactor(),
    noGuard,
  )(
    metricsOf({
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [
        {
          ...times,
          value: histogram([1, 2, 0], 4),
          attributes: { "user.email": "a@bank.example" },
        },
        {
          ...times,
          value: histogram([0, 1, 1], 6),
          attributes: { "user.email": "b@bank.example" },
        },
      ],
    }),
  );
  expect(out.scopeMetrics[0]?.metrics[0]?.dataPoints).toMatchObject([
    { value: { buckets: { counts: [1, 3, 1] }, count: 5, sum: 10, min: 1, max: 6 } },
  ]);
});

test("a value that is a card number leaves no point, and no sum, least or most of a histogram", () => {
  const gate = gateMetrics(() => createRedactor(), noGuard);
  const recorded = { boundaries: [1], counts: [0, 1] };
  const card = Number(PAN);
  const gauge = gate(
    metricsOf({
      dataPointType: DataPointType.GAUGE,
      dataPoints: [
        { ...times, value: card, attributes: { rail: "card" } },
        { ...times, value: 254_712_345_678, attributes: { rail: "mpesa" } },
        { ...times, value: 4_111_111_111_111_112, attributes: { rail: "bank" } },
      ],
    }),
  );
  const values = gauge.scopeMetrics[0]?.metrics[0]?.dataPoints.map(({ value }) => value);
  expect(values).toEqual([254_712_345_678, 4_111_111_111_111_112]);
  const histogram = gate(
    metricsOf({
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [
        {
          ...times,
          value: { buckets: recorded, count: 1, sum: card, min: card, max: card },
          attributes: {},
        },
      ],
    }),
  );
  expect(histogram.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value).toEqual({
    buckets: recorded,
    count: 1,
  });
});

test("a body of maps and sets leaves as the objects and lists that they are", () => {
  const body = new Map<string, unknown>([
    ["pan", PAN],
    ["tags", new Set(["a", "b"])],
  ]);
  const record = {
    hrTime: [1, 0],
    hrTimeObserved: [1, 0],
    body,
    resource,
    instrumentationScope,
    attributes: {},
    droppedAttributesCount: 0,
  };
  const out = gateLogs(() => createRedactor())(record as unknown as ReadableLogRecord);
  expect(out.body).toEqual({ pan: "411111******1111", tags: ["a", "b"] });
});

test("a finding carries a class and an action, never the value", () => {
  const findings: Finding[] = [];
  gateSpans(() => createRedactor({ onFinding: (finding) => findings.push(finding) }))(span);
  expect(findings.length).toBeGreaterThan(0);
  expect(JSON.stringify(findings)).not.toMatch(/\d{6}/);
});
