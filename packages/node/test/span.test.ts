import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { suppressTracing } from "@opentelemetry/core";
import {
  AlwaysOffSampler,
  type Sampler,
  SamplingDecision,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { gateSpans } from "../src/gate-spans.ts";
import { joinJson } from "../src/span-json.ts";
import { spanWriter } from "../src/span-writer.ts";
import { createTracerProvider } from "../src/tracer-provider.ts";
import { collector, made, resource, sampler } from "./span-collector.ts";

test("a whole number that has no 64 bits is a double, as the Collector refuses others", () => {
  const { spans, provider } = made();
  const span = provider.getTracer("pay").startSpan("huge");
  span.setAttributes({ huge: 1e21, edge: 2 ** 63 }).end();
  const [written] = spanWriter(
    "http/json",
    () => "other",
    () => {},
  )(spans);
  const json = JSON.parse(Buffer.from(joinJson([written!])).toString());
  expect(json.resourceSpans[0].scopeSpans[0].spans[0].attributes).toEqual([
    { key: "huge", value: { doubleValue: 1e21 } },
    { key: "edge", value: { doubleValue: 2 ** 63 } },
  ]);
});

test.each(["http/json", "http/protobuf"] as const)(
  "of spans as %s one whose time is none is lost and counted, and no other",
  (encoding) => {
    const { spans, provider } = made();
    const tracer = provider.getTracer("pay");
    tracer.startSpan("first").end();
    tracer.startSpan("bad", { startTime: [Number.NaN, 0] }).end([2, 0]);
    tracer.startSpan("last").end();
    let lost = 0;
    const written = spanWriter(
      encoding,
      () => "other",
      () => (lost += 1),
    )(spans);
    const names = written.map(({ bytes }) =>
      ["first", "bad", "last"].filter((name) => Buffer.from(bytes).includes(name)),
    );
    expect([lost, names]).toEqual([1, [["first"], ["last"]]]);
  },
);

test("a span without given times lies between the readings of the clock around it, and lasts", () => {
  const { spans, provider } = made();
  const before = Date.now();
  provider.getTracer("pay").startSpan("now").addEvent("event").end();
  const after = Date.now();
  const [span] = spans;
  const ms = ([seconds, nanoseconds]: [number, number]): number =>
    seconds * 1_000 + nanoseconds / 1e6;
  const times = [span!.startTime, span!.events[0]!.time, span!.endTime].map((time) => ms(time));
  // The clock is followed within 2 ms.
  expect(times[0]).toBeGreaterThanOrEqual(before - 3);
  expect(times[2]).toBeLessThanOrEqual(after + 3);
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
  expect(ms(span!.duration)).toBeCloseTo(times[2]! - times[0]!, 2);
});

test("a reading of performance.now() as a start is the same moment of the wall clock", () => {
  const { spans, provider } = made();
  const startTime = performance.now();
  const wall = Date.now();
  provider.getTracer("pay").startSpan("timed", { startTime }).end();
  const [seconds, nanoseconds] = spans[0]!.startTime;
  expect(Math.abs(seconds * 1_000 + nanoseconds / 1e6 - wall)).toBeLessThan(5);
});

test("an application that goes on changing what it gave does not change the span", () => {
  const { spans, provider } = made();
  const bytes = Buffer.from("clean");
  const list = ["clean"];
  const nested = { bytes, list };
  provider.getTracer("pay").startSpan("given", { attributes: { bytes, list, nested } }).end();
  bytes.write("dirty");
  list[0] = "dirty";
  expect(JSON.stringify(spans[0]!.attributes)).not.toContain("dirty");
  expect(Buffer.from(spans[0]!.attributes["bytes"] as Uint8Array).toString()).toBe("clean");
});

test("a processor may change the attributes object of a span, and the gate sees what it changed", () => {
  const processor: SpanProcessor = {
    ...collector(),
    onEnding(span) {
      delete span.attributes["gone"];
      span.attributes["added"] = "card 4111111111111111";
      span.setAttribute("set", 1);
    },
  };
  const last = collector();
  const provider = createTracerProvider({ resource, sampler, spanProcessors: [processor, last] });
  provider
    .getTracer("pay")
    .startSpan("span", { attributes: { gone: 1, kept: 1 } })
    .end();
  const gate = gateSpans(() => createRedactor());
  expect(gate(last.spans[0]!).attributes).toEqual({
    kept: 1,
    added: "card 411111******1111",
    set: 1,
  });
});

test("what throws, when it is read or as a processor, does not throw into the application", () => {
  const failing: SpanProcessor = {
    onStart: () => {
      throw new Error("start");
    },
    onEnd: () => {
      throw new Error("end");
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const last = collector();
  const provider = createTracerProvider({ resource, sampler, spanProcessors: [failing, last] });
  const trap = {
    get value(): string {
      throw new Error("read");
    },
  };
  let deep: unknown = 1;
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  const span = provider.getTracer("pay").startSpan("span");
  span.setAttribute("trap", trap).setAttribute("deep", deep).setAttribute("kept", 1);
  span.addEvent("event", {
    get trap(): string {
      throw new Error("read");
    },
  });
  span.end();
  expect(last.spans.map(({ attributes, events }) => [attributes, events.length])).toEqual([
    [{ kept: 1 }, 1],
  ]);
});

test("what plain JavaScript passes against the types does not break the request", () => {
  const { spans, provider } = made();
  const bad = (value: unknown): never => value as never;
  const linked = { traceId: 'a"b', spanId: "\n", traceFlags: bad("x") };
  const span = provider
    .getTracer("pay")
    .startSpan("span", { kind: bad("server"), links: [{ context: linked }] });
  span
    .setStatus({ code: bad("ERROR") })
    .setAttributes(bad(null))
    .setAttribute(bad(undefined), 1);
  span.addEvent("event", bad("attributes")).updateName(bad('"}')).end();
  const written = spanWriter(
    "http/json",
    () => "other",
    () => {},
  )(spans);
  const json = JSON.parse(Buffer.from(joinJson(written)).toString());
  expect(json.resourceSpans[0].scopeSpans[0].spans[0]).toMatchObject({
    name: '"}',
    kind: 1,
    status: { code: 0 },
    attributes: [],
    links: [{ traceId: 'a"b', spanId: "\n", flags: 256 }],
  });
});

test("a span of a suppressed context is none, and one that is not sampled makes no processor work", () => {
  const off = made({ by: new AlwaysOffSampler() });
  const span = off.provider.getTracer("pay").startSpan("off", { attributes: { a: 1 } });
  const on = made();
  const suppressed = on.provider
    .getTracer("pay")
    .startSpan("on", {}, suppressTracing(ROOT_CONTEXT));
  expect([off.started.length, on.started.length]).toEqual([0, 0]);
  expect([span.isRecording(), suppressed.isRecording()]).toEqual([false, false]);
  expect(trace.isSpanContextValid(span.spanContext())).toBe(true);
  expect(trace.isSpanContextValid(suppressed.spanContext())).toBe(false);
});

test("a sampler of one's own sees clean attributes, adds to them and sets the trace state", () => {
  const seen: unknown[] = [];
  const by: Sampler = {
    shouldSample: (_context, _traceId, _name, _kind, attributes) => {
      seen.push(attributes);
      return {
        decision: SamplingDecision.RECORD,
        attributes: { added: 1, bad: 10n },
      };
    },
    toString: () => "own",
  };
  const { spans, provider } = made({ by });
  provider
    .getTracer("pay")
    .startSpan("own", { attributes: { a: 1, bad: 10n } })
    .end();
  expect(seen).toEqual([{ a: 1 }]);
  expect(spans[0]!.attributes).toEqual({ a: 1, added: 1 });
  expect(spans[0]!.spanContext().traceFlags).toBe(0);
});

test("an active span is active in its function, and its tracer is the same for the same scope", () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  const { provider } = made();
  const tracer = provider.getTracer("pay", "1");
  const result = tracer.startActiveSpan("outer", (outer) =>
    tracer.startActiveSpan("inner", {}, (inner) => ({
      isActive: trace.getActiveSpan() === inner,
      trace: inner.spanContext().traceId === outer.spanContext().traceId,
    })),
  );
  context.disable();
  expect(result).toEqual({ isActive: true, trace: true });
  expect(provider.getTracer("pay", "1")).toBe(tracer);
  expect(provider.getTracer("pay", "2")).not.toBe(tracer);
});
