import { SpanStatusCode } from "@opentelemetry/api";
import * as semconv from "@assay/semconv";
import { expect, test, vi } from "vitest";
import { createPayments, type PaymentStatus, withUser } from "../src/index.ts";
import { isFinal, isLegal, WAITING } from "../src/transitions.ts";
import { collect, NONE, OUTCOME, RAILS } from "./mpesa.ts";
import { recordTelemetry } from "./telemetry.ts";

const STATES = Object.entries(semconv)
  .filter(([name]) => name.startsWith("FINANCE_PAYMENT_STATUS_VALUE_"))
  .map(([, status]) => status as PaymentStatus);

test("every series of a rail is there at zero before the first payment", async () => {
  using recorded = recordTelemetry();
  createPayments({ rails: RAILS });
  expect(await recorded.series("finance.payment.transactions", OUTCOME)).toEqual({
    "completed -": 0,
    ...NONE,
  });
  expect(await recorded.series("finance.payment.amount.minor", ["finance.currency.code"])).toEqual({
    KES: 0,
  });
  const failures = await recorded.series("finance.payment.failures", ["finance.failure.code"]);
  expect(failures).toMatchObject({ "1": 0, "1032": 0, _other: 0 });
});

test("a payment that completes counts once, with its amount in minor units", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  await collect(payments, async (payment) =>
    payment.complete({ fee: semconv.money("KES", 2_500n) }),
  );
  const [span] = recorded.spans.getFinishedSpans();
  expect(span).toMatchObject({
    name: "initiate collection",
    status: { code: SpanStatusCode.UNSET },
    attributes: {
      "finance.payment.id": "pay_1",
      "finance.payment.status": "completed",
      "finance.payment.amount.minor": 150_000,
      "finance.payment.fee.minor": 2_500,
      "finance.currency.code": "KES",
      "finance.currency.exponent": 2,
      "finance.outcome": "completed",
      "finance.provider.name": "safaricom",
      "finance.operation.name": "collect",
    },
  });
  expect(await recorded.series("finance.payment.transactions", OUTCOME)).toEqual({
    "completed -": 1,
    ...NONE,
  });
  expect(
    await recorded.series("finance.payment.amount.minor", ["finance.payment.direction"]),
  ).toEqual({ inbound: 150_000 });
  expect(await recorded.series("finance.payment.fee.minor", [])).toEqual({ "": 2_500 });
  expect(await recorded.series("finance.payment.duration", OUTCOME)).toEqual({ "completed -": 1 });
});

test.each([
  ["1032", "cancelled customer", SpanStatusCode.UNSET, 0],
  ["1", "failed customer", SpanStatusCode.UNSET, 0],
  ["26", "failed provider", SpanStatusCode.ERROR, 1],
  ["4711", "failed provider", SpanStatusCode.ERROR, 1],
])(
  "code %s is %s, and an error only when it is not up to the customer",
  async (code, counted, status, exceptions) => {
    using recorded = recordTelemetry();
    const payments = createPayments({ rails: RAILS });
    await collect(payments, async (payment) => payment.fail({ code }));
    const [span] = recorded.spans.getFinishedSpans();
    expect(span?.status.code).toBe(status);
    expect(span?.events.filter(({ name }) => name === "exception")).toHaveLength(exceptions);
    expect(span?.attributes["finance.failure.code"]).toBe(code);
    const transactions = await recorded.series("finance.payment.transactions", OUTCOME);
    expect(transactions).toEqual({ "completed -": 0, ...NONE, [counted]: 1 });
    const failures = await recorded.series("finance.payment.failures", ["finance.failure.code"]);
    expect(failures[code === "4711" ? "_other" : code]).toBe(1);
    expect(failures).not.toHaveProperty("4711");
  },
);

test("a request that timed out is unknown and not a failure, and its error is rethrown unchanged", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  const error = new TypeError("fetch failed", { cause: { code: "UND_ERR_HEADERS_TIMEOUT" } });
  const thrown = collect(payments, async () => {
    throw error;
  });
  await expect(thrown).rejects.toBe(error);
  expect(await recorded.series("finance.payment.transactions", OUTCOME)).toEqual({
    "completed -": 0,
    ...NONE,
  });
  expect(await recorded.series("finance.payment.unsettled", [])).toEqual({ "": 1 });
});

test.each([
  [{ code: "ECONNREFUSED" }, "failed network"],
  [new Error("out of ideas"), "failed platform"],
])("an error before anything was sent fails the payment: %o is %s", async (error, counted) => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  const thrown = collect(payments, async () => {
    throw error;
  });
  await expect(thrown).rejects.toBe(error);
  const transactions = await recorded.series("finance.payment.transactions", OUTCOME);
  expect(transactions[counted]).toBe(1);
});

test("an illegal transition is recorded and counted, and changes nothing", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  const gone = await collect(payments, async (payment) => {
    payment.fail({ code: "1032" });
    return [payment.complete(), payment.status];
  });
  expect(gone).toEqual([false, "cancelled"]);
  const refused = await recorded.counted("finance.payment.refused_transitions", [
    "finance.payment.previous_status",
    "finance.payment.status",
  ]);
  expect(refused).toEqual({ "cancelled completed": 1 });
  const events = recorded.spans.getFinishedSpans()[0]?.events.map(({ name }) => name);
  expect(events).toEqual(["finance.payment.status_changed", "finance.payment.transition_refused"]);
});

test("a payment above its limit is an event and a count", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS, thresholds: { operations: { collect: -1 } } });
  await collect(payments, async (payment) => payment.complete());
  const breaches = await recorded.counted("finance.threshold.breaches", ["finance.threshold.name"]);
  expect(breaches).toEqual({ "operation.collect": 1 });
  const [span] = recorded.spans.getFinishedSpans();
  expect(span?.events.at(-1)).toMatchObject({
    name: "finance.threshold.exceeded",
    attributes: { "finance.threshold.limit_ms": -1, "finance.operation.name": "collect" },
  });
});

test("a code that the catalogue does not know is `_other` on metrics, whoever says what it means", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  const meaning = { outcome: "failed", domain: "provider", retriable: true } as const;
  await collect(payments, async (payment) => payment.fail({ ...meaning, code: "E-20261124-0001" }));
  await collect(payments, async (payment) => payment.fail({ ...meaning, code: "26" }));
  const failures = await recorded.series("finance.payment.failures", ["finance.failure.code"]);
  expect(failures).toMatchObject({ _other: 1, "26": 1 });
  expect(failures).not.toHaveProperty("E-20261124-0001");
  const codes = recorded.spans.getFinishedSpans().map(({ attributes }) => attributes);
  expect(codes.map((each) => each["finance.failure.code"])).toEqual(["E-20261124-0001", "26"]);
});

test("what was unknown and turns out to have completed is revenue and no error", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  await collect(payments, async (payment) => {
    payment.fail({ outcome: "unknown", domain: "network", retriable: false });
    return payment.complete();
  });
  const [span] = recorded.spans.getFinishedSpans();
  expect(span?.status.code).toBe(SpanStatusCode.UNSET);
  expect(span?.attributes).toMatchObject({ "finance.outcome": "completed" });
  expect(span?.attributes).not.toHaveProperty("finance.failure.domain");
  expect(await recorded.series("finance.payment.transactions", OUTCOME)).toEqual({
    "completed -": 1,
    ...NONE,
  });
  expect(await recorded.series("finance.payment.amount.minor", [])).toEqual({ "": 150_000 });
});

test("an authorization that is voided is a payment that was cancelled, and no revenue", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  await collect(payments, async (payment) => {
    payment.transition("authorized");
    return payment.transition("reversed");
  });
  const counts = await recorded.series("finance.payment.transactions", OUTCOME);
  expect(counts).toEqual({ "completed -": 0, ...NONE, "cancelled merchant": 1 });
  expect(await recorded.series("finance.payment.amount.minor", [])).toEqual({ "": 0 });
});

test("no state in which a payment has its outcome leads back to one in which it waits", () => {
  const final = STATES.filter(isFinal);
  expect(final).toContain("completed");
  const back = final.flatMap((from) => WAITING.filter((to) => isLegal(from, to)));
  expect(back).toEqual([]);
});

test("a change of state says what it means", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  await collect(payments, async (payment) => payment.fail({ code: "1032" }));
  const [span] = recorded.spans.getFinishedSpans();
  expect(span?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    [
      "finance.payment.status_changed",
      {
        "finance.payment.id": "pay_1",
        "finance.payment.status": "cancelled",
        "finance.outcome": "cancelled",
        "finance.failure.domain": "customer",
        "finance.failure.code": "1032",
        "finance.provider.name": "safaricom",
      },
    ],
  ]);
});

test("the user of the context is on the span with any SDK", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  await withUser({ id: "usr_7", tier: "business" }, () =>
    collect(payments, async (payment) => payment.complete()),
  );
  expect(recorded.spans.getFinishedSpans()[0]?.attributes).toMatchObject({
    "user.id": "usr_7",
    "finance.customer.tier": "business",
  });
});

test("a rail that JavaScript has the wrong name of does not hinder the payment", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  const initiation = { operation: "collect", rail: "mpessa" as "mpesa", paymentId: "pay_1" };
  expect(await payments.run(initiation, async (payment) => payment.complete())).toBe(true);
  const counts = await recorded.series("finance.payment.transactions", ["finance.provider.name"]);
  expect(counts).toMatchObject({ _other: 1 });
});

test.each([
  [1_200, {}],
  [1_201, { "operation.payment": 1 }],
])("a payment of %i ms breaches the registry's limit of 1,200 ms: %j", async (ms, expected) => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    await collect(payments, async (payment) => {
      vi.advanceTimersByTime(ms);
      return payment.complete();
    });
  } finally {
    vi.useRealTimers();
  }
  const breaches = await recorded.series("finance.threshold.breaches", ["finance.threshold.name"]);
  expect(Object.fromEntries(Object.entries(breaches).filter(([, count]) => count > 0))).toEqual(
    expected,
  );
});

test("without an SDK the work runs, and gives and throws what it would without us", async () => {
  const payments = createPayments({ rails: RAILS });
  expect(await collect(payments, async (payment) => payment.complete())).toBe(true);
  const error = new Error("its own");
  const thrown = collect(payments, async () => {
    throw error;
  });
  await expect(thrown).rejects.toBe(error);
});
