import {
  context,
  createTraceState,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { gatedPropagator } from "../src/propagator.ts";

const spanContext = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  traceFlags: TraceFlags.SAMPLED,
};

function propagator(names = ["tracecontext", "baggage", "sentry"]) {
  const made = gatedPropagator(names, () => createRedactor());
  if (made === null) throw new Error("expected a propagator");
  return made;
}

test("what is sensitive in trace state and baggage stays here, what is harmless leaves", () => {
  const traceState = createTraceState("card=4111111111111111,vendor=ok");
  const baggage = propagation.createBaggage({
    "customer.phone": { value: "+254712345678" },
    tier: { value: "gold" },
  });
  const active = propagation.setBaggage(
    trace.setSpanContext(ROOT_CONTEXT, { ...spanContext, traceState }),
    baggage,
  );
  const headers: Record<string, string> = {};
  propagator().inject(active, headers, defaultTextMapSetter);
  expect(headers).toEqual({
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    tracestate: "vendor=ok",
    baggage: "tier=gold",
  });
});

test("a header with nothing left in it is not sent", () => {
  const traceState = createTraceState("card=4111111111111111");
  const headers: Record<string, string> = {};
  const active = trace.setSpanContext(ROOT_CONTEXT, { ...spanContext, traceState });
  propagator().inject(active, headers, defaultTextMapSetter);
  expect(Object.keys(headers)).toEqual(["traceparent"]);
});

test("the baggage that the application sees is not changed", () => {
  const baggage = propagation.createBaggage({ "customer.phone": { value: "+254712345678" } });
  const active = propagation.setBaggage(context.active(), baggage);
  propagator().inject(active, {}, defaultTextMapSetter);
  expect(propagation.getBaggage(active)?.getEntry("customer.phone")?.value).toBe("+254712345678");
});

test("none gives no propagator", () => {
  expect(gatedPropagator(["none"], () => createRedactor())).toBeNull();
});
