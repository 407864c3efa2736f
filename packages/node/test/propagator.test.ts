import {
  type Attributes,
  type BaggageEntry,
  context,
  createContextKey,
  createTraceState,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { createRedactor, type Redactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { parseBoundary } from "../src/boundary.ts";
import { readConfig } from "../src/config.ts";
import { gatedPropagator } from "../src/propagator.ts";
import { createSampler } from "../src/sampler.ts";

const spanContext = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  traceFlags: TraceFlags.SAMPLED,
};

interface Given {
  names?: string[];
  list?: string;
  redactor?: Redactor;
}

function propagator({ names = NAMES, list = "", redactor }: Given = {}) {
  const made = gatedPropagator({
    names,
    redactorFor: () => redactor ?? createRedactor(),
    boundary: parseBoundary(list),
    inbound: "continue",
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

test("a redactor that fails lets nothing out, and throws nothing", () => {
  const redactor = new Proxy(createRedactor(), {
    get() {
      throw new Error("the engine failed");
    },
  });
  failures.length = 0;
  const list = "ledger.internal=trace+baggage.tier";
  expect({
    sent: sent({ baggage: { tier: { value: "gold" } } }, { redactor, list }),
    failures,
  }).toEqual({ sent: {}, failures: ["failed"] });
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
