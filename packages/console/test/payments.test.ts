import {
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_STATUS,
} from "@assay/semconv";
import { expect, test } from "vitest";
import { readTraces } from "../src/otlp-traces.ts";
import { groupPayments } from "../src/payments.ts";
import { createStore } from "../src/store.ts";
import {
  CALLBACK,
  INITIATION,
  PAYMENT_SPANS,
  REPEAT,
  tracesRequest,
  type SpanSketch,
} from "./otlp-payment.ts";

function paymentsOf(spans: readonly SpanSketch[]) {
  const store = createStore();
  store.addSpans(readTraces(tracesRequest(spans)).items);
  return groupPayments(store.traces());
}

const rolesOf = (spans: readonly SpanSketch[]) =>
  paymentsOf(spans).flatMap(({ traces }) =>
    traces.map(({ role, link }) => [role, link?.target?.name]),
  );

test("the initiation comes first however late it arrived, then its callbacks by start", () => {
  const [payment] = paymentsOf(PAYMENT_SPANS);
  expect(payment?.traces.map(({ traceId, role }) => [traceId, role])).toEqual([
    [INITIATION, "initiation"],
    [CALLBACK, "callback"],
    [REPEAT, "duplicate callback"],
  ]);
});

test("a later trace without a link is shown as one, and a callback never passes for the initiation", () => {
  const later = { trace: REPEAT, id: 40, name: "GET /payments/:id", time: [9_000, 9_001] as const };
  const attributes = { [ATTR_FINANCE_PAYMENT_ID]: "pay_7Q2" };
  const initiation = PAYMENT_SPANS.filter(({ trace }) => trace === INITIATION);
  const callback = PAYMENT_SPANS.filter(({ trace }) => trace === CALLBACK);
  expect([rolesOf([...initiation, { ...later, attributes }]), rolesOf(callback)]).toEqual([
    [
      ["initiation", undefined],
      ["unlinked", undefined],
    ],
    [["callback", undefined]],
  ]);
});

test("an initiation that a queue's message caused is still the initiation of its callback", () => {
  const linked = PAYMENT_SPANS.filter(({ trace }) => trace !== REPEAT).map((sketch) =>
    sketch.id === 11
      ? Object.assign({}, sketch, { links: [{ trace: "f".repeat(32), id: 1 }] })
      : sketch,
  );
  expect(rolesOf(linked)).toEqual([
    ["initiation", undefined],
    ["callback", "initiate collection"],
  ]);
});

test("the initiating span that ends after its callback does not undo the final state", () => {
  const initiation = PAYMENT_SPANS.filter(({ trace }) => trace === INITIATION);
  const slow = initiation.map((sketch) =>
    Object.assign({}, sketch, { time: [sketch.time[0], 9_000] as const }),
  );
  const callback = PAYMENT_SPANS.filter(({ trace }) => trace === CALLBACK);
  expect(paymentsOf([...slow, ...callback]).map(({ status }) => status)).toEqual(["completed"]);
});

test("a payment that was unknown and then failed tells who can put it right", () => {
  const settle = (id: number, end: number, attributes: Record<string, unknown>): SpanSketch => ({
    trace: CALLBACK,
    id,
    name: "settle collection",
    time: [0, end],
    attributes: { [ATTR_FINANCE_PAYMENT_ID]: "pay_1", ...attributes },
  });
  const [payment] = paymentsOf([
    settle(1, 10, {
      [ATTR_FINANCE_PAYMENT_STATUS]: "unknown",
      [ATTR_FINANCE_OUTCOME]: "unknown",
      [ATTR_FINANCE_FAILURE_DOMAIN]: "network",
    }),
    settle(2, 20, {
      [ATTR_FINANCE_PAYMENT_STATUS]: "failed",
      [ATTR_FINANCE_OUTCOME]: "failed",
      [ATTR_FINANCE_FAILURE_DOMAIN]: "customer",
      [ATTR_FINANCE_FAILURE_CODE]: "1",
    }),
  ]);
  expect([payment?.status, payment?.outcome, payment?.failureDomain, payment?.failureCode]).toEqual(
    ["failed", "failed", "customer", "1"],
  );
});

test("links in a circle leave no initiation and lose no trace", () => {
  const sketch = (trace: string, other: string, start: number): SpanSketch => ({
    trace,
    id: 1,
    name: "step",
    time: [start, start + 1],
    attributes: { [ATTR_FINANCE_PAYMENT_ID]: "pay_1" },
    links: [{ trace: other, id: 1 }],
  });
  expect(rolesOf([sketch(INITIATION, CALLBACK, 0), sketch(CALLBACK, INITIATION, 5)])).toEqual([
    ["follow-up", "step"],
    ["follow-up", "step"],
  ]);
});
