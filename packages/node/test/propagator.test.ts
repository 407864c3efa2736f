import {
  type Attributes,
  type BaggageEntry,
  context,
  createContextKey,
  createTraceState,
  defaultTextMapGetter,
  defaultTextMapSetter,
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
import { readConfig } from "../src/config.ts";
import { linkCallers } from "../src/inbound.ts";
import { gatedPropagator, type Inbound } from "../src/propagator.ts";
import { createSampler } from "../src/sampler.ts";

const spanContext = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  traceFlags: TraceFlags.SAMPLED,
};
const TRACEPARENT = `00-${spanContext.traceId}-${spanContext.spanId}-01`;

interface Given {
  names?: string[];
  list?: string;
  inbound?: Inbound;
  redactor?: Redactor;
}

function propagator({ names = NAMES, list = "", inbound = "continue", redactor }: Given = {}) {
  const made = gatedPropagator({
    names,
    redactorFor: () => redactor ?? createRedactor(),
    boundary: parseBoundary(list),
    inbound,
    onFailed: () => failures.push("failed"),
  });
  if (made === null) throw new Error("expected a propagator");
  return made;
}

const NAMES = ["tracecontext", "baggage", "sentry"];
const failures: string[] = [];
const provider = new TracerProvider({ sampler: createSampler(readConfig({}, () => {})) });
const tracer = provider.getTracer("test");

interface Active {
  kind?: SpanKind;
  attributes?: Attributes;
  traceState?: string;
  baggage?: Record<string, BaggageEntry>;
  named?: string;
}

/** What leaves with a request of a span of this kind and these attributes. */
function sent(
  { kind = SpanKind.CLIENT, attributes = LEDGER, traceState, baggage, named }: Active,
  given: Given = {},
): Record<string, string> {
  const parent = trace.setSpanContext(ROOT_CONTEXT, {
    ...spanContext,
    ...(traceState === undefined ? {} : { traceState: createTraceState(traceState) }),
  });
  const span = tracer.startSpan("request", { kind, attributes }, parent);
  let active = trace.setSpan(parent, span);
  if (baggage !== undefined) {
    active = propagation.setBaggage(active, propagation.createBaggage(baggage));
  }
  if (named !== undefined) active = active.setValue(createContextKey("assay.propagate.to"), named);
  const headers: Record<string, string> = {};
  propagator(given).inject(active, headers, defaultTextMapSetter);
  return { ...headers, ...(headers["traceparent"] && { traceparent: "sent" }) };
}

const LEDGER = { "server.address": "ledger.internal", "server.port": 443 };

test("what is sensitive in trace state and baggage stays here, what is harmless leaves", () => {
  const given = {
    traceState: "card=4111111111111111,vendor=ok",
    baggage: { "customer.phone": { value: "+254712345678" }, tier: { value: "gold" } },
  };
  const list = "ledger.internal=trace+baggage.tier+baggage.customer.phone";
  expect(sent(given, { list })).toEqual({
    traceparent: "sent",
    tracestate: "vendor=ok",
    baggage: "tier=gold",
  });
});

test("a header with nothing left in it is not sent", () => {
  expect(sent({ traceState: "card=4111111111111111" })).toEqual({ traceparent: "sent" });
});

test("baggage stays here unless its key is allowed for the host, also beside one that is", () => {
  const baggage = { tier: { value: "gold" }, region: { value: "ke" } };
  expect([
    sent({ baggage }),
    sent({ baggage }, { list: "ledger.internal=baggage.region" }),
    sent({ baggage }, { list: "other.internal=baggage.region" }),
  ]).toEqual([
    { traceparent: "sent" },
    { traceparent: "sent", baggage: "region=ke" },
    { traceparent: "sent" },
  ]);
});

test.each<[string, Active]>([
  ["an address that is not on the list", { attributes: { "server.address": "api.example" } }],
  ["no address", { attributes: {} }],
  ["the address of a server's own span", { kind: SpanKind.SERVER }],
  ["the address of an inner span", { kind: SpanKind.INTERNAL }],
  [
    "a forward proxy that is on the list",
    { attributes: { ...LEDGER, "url.full": "http://ledger.internal:3128http://api.example/pay" } },
  ],
  [
    "a URL of another host",
    { attributes: { ...LEDGER, "url.full": "https://ledger.internal@api.example/" } },
  ],
  [
    "a port that hides a host",
    { attributes: { ...LEDGER, "url.full": "http://ledger.internal:80.api.example/" } },
  ],
  ["a topic that is not on the list", { kind: SpanKind.PRODUCER, attributes: kafka() }],
  [
    "a place that the application names and is not on the list",
    { attributes: {}, named: "api.example" },
  ],
  [
    "an address that is not on the list, though a place is named that is",
    {
      attributes: { "server.address": "api.example" },
      named: "ledger.internal",
    },
  ],
])("nothing goes to %s", (_, active) => {
  expect(
    sent({ traceState: "vendor=ok", baggage: { tier: { value: "gold" } }, ...active }),
  ).toEqual({});
});

test.each<[string, Active, string]>([
  [
    "a host and its whole URL",
    { attributes: { ...LEDGER, "url.full": "https://ledger.internal/a:b@c" } },
    "",
  ],
  [
    "an address in brackets",
    {
      attributes: {
        "server.address": "[::1]",
        "server.port": 80,
        "url.full": "http://[::1]:8080/",
      },
    },
    "",
  ],
  [
    "a topic that is on the list",
    { kind: SpanKind.PRODUCER, attributes: kafka() },
    "kafka/payments",
  ],
  [
    "a broker that is on the list",
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        ...LEDGER,
        "messaging.system": "rabbitmq",
        "messaging.destination": "payments",
      },
    },
    "",
  ],
  [
    "a place that the application names",
    { kind: SpanKind.INTERNAL, attributes: {}, named: "sql/payments" },
    "sql/payments",
  ],
])("the trace goes to %s", (_, active, list) => {
  expect(sent(active, { list })).toEqual({ traceparent: "sent" });
});

test("the decision of a trace that is not sampled leaves, too", () => {
  const parent = trace.setSpanContext(ROOT_CONTEXT, {
    ...spanContext,
    traceFlags: TraceFlags.NONE,
  });
  const span = tracer.startSpan("request", { kind: SpanKind.CLIENT, attributes: LEDGER }, parent);
  const headers: Record<string, string> = {};
  propagator().inject(trace.setSpan(parent, span), headers, defaultTextMapSetter);
  expect(headers["traceparent"]).toMatch(/-00$/);
});

test("the baggage that the application sees is not changed", () => {
  const baggage = propagation.createBaggage({ "customer.phone": { value: "+254712345678" } });
  const active = propagation.setBaggage(context.active(), baggage);
  propagator().inject(active, {}, defaultTextMapSetter);
  expect(propagation.getBaggage(active)?.getEntry("customer.phone")?.value).toBe("+254712345678");
});

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

test("a redactor that fails lets nothing out or in, and throws nothing", () => {
  const redactor = new Proxy(createRedactor(), {
    get() {
      throw new Error("the engine failed");
    },
  });
  const given = { redactor, list: "ledger.internal=trace+baggage.tier" };
  failures.length = 0;
  expect({
    sent: sent({ baggage: { tier: { value: "gold" } } }, given),
    received: received({ traceparent: TRACEPARENT, tracestate: "a=1" }, given),
    failures,
  }).toEqual({
    sent: {},
    received: { traceId: undefined, traceState: undefined, baggage: {} },
    failures: ["failed", "failed"],
  });
});

test("none gives no propagator", () => {
  expect(
    gatedPropagator({
      names: ["none"],
      redactorFor: () => createRedactor(),
      boundary: parseBoundary(""),
      inbound: "continue",
      onFailed() {},
    }),
  ).toBeNull();
});

function kafka(): Attributes {
  return { "messaging.system": "kafka", "messaging.destination.name": "payments" };
}
