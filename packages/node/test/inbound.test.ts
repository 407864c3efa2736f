import {
  defaultTextMapGetter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { createRedactor, type Redactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { parseBoundary } from "../src/boundary.ts";
import { linkCallers } from "../src/inbound.ts";
import { gatedPropagator, type Inbound } from "../src/propagator.ts";

const spanContext = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  traceFlags: TraceFlags.SAMPLED,
};
const TRACEPARENT = `00-${spanContext.traceId}-${spanContext.spanId}-01`;

interface Given {
  inbound?: Inbound;
  redactor?: Redactor;
}

const failures: string[] = [];

function propagator({ inbound = "continue", redactor }: Given = {}) {
  const made = gatedPropagator({
    names: ["tracecontext", "baggage", "sentry"],
    redactorFor: () => redactor ?? createRedactor(),
    boundary: parseBoundary(""),
    inbound,
    onFailed: () => failures.push("failed"),
  });
  if (made === null) throw new Error("expected a propagator");
  return made;
}

/** What the application gets of a caller's headers. */
function received(headers: Record<string, string | string[]>, given: Given = {}) {
  const extracted = propagator(given).extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const caller = trace.getSpanContext(extracted);
  return {
    traceId: caller?.traceId,
    traceState: caller?.traceState?.serialize(),
    baggage: Object.fromEntries(
      (propagation.getBaggage(extracted)?.getAllEntries() ?? []).map(([key, { value }]) => [
        key,
        value,
      ]),
    ),
  };
}

const { traceId } = spanContext;
const many = (count: number): string =>
  Array.from({ length: count }, (_, index) => `k${index}=v`).join(",");

test.each<[string, Record<string, string | string[]>, object]>([
  [
    "what is right",
    { traceparent: TRACEPARENT, tracestate: "a=1", baggage: "tier=gold" },
    { traceId, traceState: "a=1", baggage: { tier: "gold" } },
  ],
  [
    "what is sensitive",
    {
      traceparent: TRACEPARENT,
      tracestate: "card=4111111111111111,a=1",
      baggage: "tier=gold,phone=%2B254712345678,card=4111111111111111",
    },
    { traceId, traceState: "a=1", baggage: { tier: "gold" } },
  ],
  [
    "32 members of trace state",
    { traceparent: TRACEPARENT, tracestate: many(32) },
    { traceId, traceState: many(32), baggage: {} },
  ],
  [
    "33 of them",
    { traceparent: TRACEPARENT, tracestate: many(33) },
    { traceId, traceState: undefined, baggage: {} },
  ],
  [
    "512 bytes of trace state",
    {
      traceparent: TRACEPARENT,
      tracestate: `${many(10)},b=${"x".repeat(200)},a=${"x".repeat(256)}`,
    },
    { traceId, traceState: expect.any(String), baggage: {} },
  ],
  [
    "513 bytes of it",
    { traceparent: TRACEPARENT, tracestate: `b=${"x".repeat(254)},a=${"x".repeat(254)}` },
    { traceId, traceState: undefined, baggage: {} },
  ],
  ["65 entries of baggage", { baggage: many(65) }, { baggage: {} }],
  [
    "more than 8192 bytes of baggage",
    { baggage: `${"a=x,".repeat(3)}k=${"x".repeat(4_000)},l=${"x".repeat(4_200)}` },
    { baggage: {} },
  ],
  ["two trace parents", { traceparent: [TRACEPARENT, TRACEPARENT] }, { baggage: {} }],
  ["no trace parent", { traceparent: `${TRACEPARENT}; x` }, { baggage: {} }],
])("of a caller's headers, %s", (_, headers, expected) => {
  expect(received(headers)).toEqual({ traceId: undefined, traceState: undefined, ...expected });
});

test.each(["link", "ignore"] as const)("with %s a caller decides nothing", (inbound) => {
  const headers = { traceparent: TRACEPARENT, tracestate: "a=1", baggage: "tier=gold" };
  expect(received(headers, { inbound })).toEqual({
    traceId: undefined,
    traceState: undefined,
    baggage: {},
  });
});

test("with link the first span begins a new trace and has the link, and no span below it", () => {
  const linking = new TracerProvider({ spanProcessors: [linkCallers()] }).getTracer("test");
  const headers = { traceparent: TRACEPARENT, tracestate: "a=1" };
  const extracted = propagator({ inbound: "link" }).extract(
    ROOT_CONTEXT,
    headers,
    defaultTextMapGetter,
  );
  const first = linking.startSpan("first", { kind: SpanKind.SERVER }, extracted);
  const second = linking.startSpan("second", {}, trace.setSpan(extracted, first));
  const linksOf = (span: Span): unknown =>
    (span as unknown as ReadableSpan).links.map((link) => link.context);
  expect([linksOf(first), linksOf(second)]).toEqual([[{ ...spanContext, isRemote: true }], []]);
  expect(first.spanContext().traceId).not.toBe(traceId);
});

test("a redactor that fails lets nothing in, and throws nothing", () => {
  const redactor = new Proxy(createRedactor(), {
    get() {
      throw new Error("the engine failed");
    },
  });
  expect(received({ traceparent: TRACEPARENT, tracestate: "a=1" }, { redactor })).toEqual({
    traceId: undefined,
    traceState: undefined,
    baggage: {},
  });
  expect(failures).toEqual(["failed"]);
});
