import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { sentryTracePropagator } from "../src/sentry-propagator.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

function extract(headers: Record<string, string | string[]>) {
  return sentryTracePropagator().extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
}

test.each([
  [`${TRACE}-${SPAN}-1`, 1],
  [`${TRACE}-${SPAN}-0`, 0],
  // Sentry leaves the decision to the server.
  [`${TRACE}-${SPAN}`, 1],
])("continues %s with flags %i", (header, traceFlags) => {
  const found = trace.getSpanContext(extract({ "sentry-trace": header }));
  expect(found).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags, isRemote: true });
});

test.each(["junk", "", `${"0".repeat(32)}-${SPAN}-1`, `${TRACE}-${"0".repeat(16)}-1`])(
  "leaves the context as it is for %j",
  (header) => {
    expect(extract({ "sentry-trace": header })).toBe(ROOT_CONTEXT);
  },
);

test("a trace whose client leaves the decision open is recorded", () => {
  const tracer = new TracerProvider({}).getTracer("t");
  const span = tracer.startSpan("server", {}, extract({ "sentry-trace": `${TRACE}-${SPAN}` }));
  expect([span.isRecording(), span.spanContext().traceId]).toEqual([true, TRACE]);
});

test("nothing of Sentry's baggage goes on in the trace state", () => {
  const context = extract({
    "sentry-trace": `${TRACE}-${SPAN}-1`,
    baggage: `sentry-trace_id=${TRACE},sentry-transaction=%2Fpay%2Fjane%40bank.example`,
  });
  const carrier: Record<string, string> = {};
  new W3CTraceContextPropagator().inject(context, carrier, defaultTextMapSetter);
  expect(carrier).toEqual({ traceparent: `00-${TRACE}-${SPAN}-01` });
});

test("a traceparent that was read before wins", () => {
  const w3c = new W3CTraceContextPropagator();
  const headers = {
    traceparent: `00-5bf92f3577b34da6a3ce929d0e0e4736-${SPAN}-01`,
    "sentry-trace": `${TRACE}-${SPAN}-1`,
  };
  const before = w3c.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const after = sentryTracePropagator().extract(before, headers, defaultTextMapGetter);
  expect(after).toBe(before);
});

test("injects nothing", () => {
  const carrier = {};
  const propagator = sentryTracePropagator();
  propagator.inject(
    extract({ "sentry-trace": `${TRACE}-${SPAN}-1` }),
    carrier,
    defaultTextMapSetter,
  );
  expect([carrier, propagator.fields()]).toEqual([{}, []]);
});
