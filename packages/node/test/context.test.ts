import { EventEmitter, once } from "node:events";
import { context, createContextKey, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { isTracingSuppressed, suppressTracing, unsuppressTracing } from "@opentelemetry/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createContextManager } from "../src/context-manager.ts";
import { carry, exchangeOf } from "../src/exchange.ts";
import { flattenContexts } from "../src/flat-context.ts";

const KEY = createContextKey("test key");
const OTHER = createContextKey("other key");

test("a context keeps what others set on it apart, whichever key they set or delete", () => {
  flattenContexts();
  const one = ROOT_CONTEXT.setValue(KEY, 1);
  const two = one.setValue(KEY, 2).setValue(OTHER, KEY);
  const read = [ROOT_CONTEXT, one, two, two.deleteValue(KEY), two.deleteValue(OTHER)].map(
    (each) => [each.getValue(KEY), each.getValue(OTHER)],
  );
  expect(read).toEqual([
    [undefined, undefined],
    [1, undefined],
    [2, KEY],
    [undefined, KEY],
    [2, undefined],
  ]);
  expect(one.deleteValue(OTHER)).toBe(one);
  expect(ROOT_CONTEXT.deleteValue(KEY).getValue(KEY)).toBeUndefined();
});

test("the API's helpers find in a context what they put there", () => {
  flattenContexts();
  const span = trace.wrapSpanContext({
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    traceFlags: 1,
  });
  const baggage = propagation.createBaggage({ tenant: { value: "a" } });
  const all = suppressTracing(propagation.setBaggage(trace.setSpan(ROOT_CONTEXT, span), baggage));
  expect(trace.getSpan(all)).toBe(span);
  expect(propagation.getBaggage(all)).toBe(baggage);
  expect([isTracingSuppressed(all), isTracingSuppressed(unsuppressTracing(all))]).toEqual([
    true,
    false,
  ]);
});

// Upstream's is asked the same, so that what it does is not guessed.
describe.each([
  ["ours", () => createContextManager()],
  ["upstream's", () => new AsyncLocalStorageContextManager().enable()],
])("the context manager, %s", (_name, create) => {
  const inside = ROOT_CONTEXT.setValue(KEY, "inside");
  const active = (): unknown => context.active().getValue(KEY);
  beforeEach(() => {
    context.setGlobalContextManager(create());
  });
  afterEach(() => {
    context.disable();
  });

  test("makes a context active in a call and what it begins, and nowhere else", async () => {
    const later = context.with(inside, async () => {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      return active();
    });
    expect([active(), await later, context.active() === ROOT_CONTEXT]).toEqual([
      undefined,
      "inside",
      true,
    ]);
  });

  test("passes this and arguments on, and what is given back or thrown", () => {
    const self = { name: "self" };
    const work = function work(this: unknown, ...given: unknown[]): unknown[] {
      return [this, ...given, active()];
    };
    expect(context.with(inside, work, self, 1, 2)).toEqual([self, 1, 2, "inside"]);
    expect(() =>
      context.with(inside, () => {
        throw new Error("thrown");
      }),
    ).toThrow("thrown");
    expect(active()).toBeUndefined();
  });

  test("binds a function, which keeps its this and the number of its arguments", () => {
    const bound = context.bind(inside, function work(this: unknown, a: number, b: number) {
      return [this, a + b, active()];
    });
    expect([bound.length, bound.call("self", 1, 2)]).toEqual([2, ["self", 3, "inside"]]);
  });

  test("binds an emitter: its listeners run in the context, also once, and can be removed", async () => {
    const emitter = context.bind(inside, new EventEmitter());
    const heard: unknown[] = [];
    const removed = (): unknown => heard.push("removed");
    emitter.on("event", (given) => heard.push([given, active()]));
    emitter.once("event", () => heard.push(["once", active()]));
    emitter.on("event", removed).off("event", removed);
    const awaited = once(emitter, "event");
    emitter.emit("event", 1);
    emitter.emit("event", 2);
    expect([heard, await awaited, emitter.listenerCount("event")]).toEqual([
      [
        [1, "inside"],
        ["once", "inside"],
        [2, "inside"],
      ],
      [1],
      1,
    ]);
    emitter.removeAllListeners();
    expect(emitter.emit("event", 3)).toBe(false);
  });

  test("keeps the first context of an emitter, and gives back what it cannot bind", () => {
    const emitter = context.bind(inside, new EventEmitter());
    context.bind(ROOT_CONTEXT.setValue(KEY, "second"), emitter);
    const heard: unknown[] = [];
    emitter.on("event", () => heard.push(active()));
    emitter.emit("event");
    const target = { a: 1 };
    expect([heard, context.bind(inside, target) === target]).toEqual([["inside"], true]);
  });

  test("attaches a context until its token is disposed of", () => {
    const token = context.attach(inside);
    const during = active();
    token.dispose();
    expect([during, active()]).toEqual(["inside", undefined]);
  });
});

test("a request that is bound has the listeners of its exchange called in the last context, by its class and not by itself", () => {
  const bound = ["first", "second"].map((value) => ROOT_CONTEXT.setValue(KEY, value));
  const request = new EventEmitter();
  carry(request, {
    span: trace.wrapSpanContext({ traceId: "", spanId: "", traceFlags: 0 }),
    listenersContext: ROOT_CONTEXT,
    startedMs: 0,
    labels: {},
    isEnded: false,
  });
  const manager = createContextManager();
  for (const each of bound) expect(manager.bind(each, request)).toBe(request);
  expect(exchangeOf(request)?.listenersContext).toBe(bound[1]);
  expect(Object.hasOwn(request, "emit")).toBe(false);
});
