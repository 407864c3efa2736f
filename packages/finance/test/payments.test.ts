import { SpanStatusCode } from "@opentelemetry/api";
import { money } from "@assay/semconv";
import { expect, test } from "vitest";
import { createPayments, type Payments } from "../src/index.ts";
import { sqlInMemory } from "./sql.ts";
import { recordTelemetry } from "./telemetry.ts";

const RAILS = {
  mpesa: {
    provider: "safaricom",
    api: "stk_push",
    method: "mobile_money",
    type: "collection",
    direction: "inbound",
    currencies: ["KES"],
  },
} as const;
const OUTCOME = ["finance.outcome", "finance.failure.domain"];
const NONE = Object.fromEntries(
  ["failed", "cancelled", "expired"].flatMap((outcome) =>
    ["customer", "merchant", "provider", "platform", "network"].map((domain) => [
      `${outcome} ${domain}`,
      0,
    ]),
  ),
);

function collect<T>(
  payments: Payments<"mpesa">,
  work: Parameters<typeof payments.run<T>>[1],
): Promise<T> {
  const amount = money("KES", 150_000n);
  return payments.run(
    {
      operation: "collect",
      rail: "mpesa",
      paymentId: "pay_1",
      amount,
      category: "payment_processing",
    },
    work,
  );
}

async function awaitsCallback(payments: Payments<"mpesa">, sql: ReturnType<typeof sqlInMemory>) {
  await collect(payments, async (payment) => {
    payment.transition("processing");
    await payment.checkpoint(sql, { CheckoutRequestID: "ws_CO_1" });
  });
}

const FINDING = { by: "CheckoutRequestID", value: "ws_CO_1" };

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
  await collect(payments, async (payment) => payment.complete({ fee: money("KES", 2_500n) }));
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
  const refused = await recorded.series("finance.payment.refused_transitions", [
    "finance.payment.previous_status",
    "finance.payment.status",
  ]);
  expect(refused).toEqual({ "cancelled completed": 1 });
  const events = recorded.spans.getFinishedSpans()[0]?.events.map(({ name }) => name);
  expect(events).toEqual(["finance.payment.status_changed", "finance.payment.transition_refused"]);
});

test("a callback is a new trace with a link to the initiation, and counts the payment", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  const resumed = await payments.resume(
    FINDING,
    { receipt: "SIL7" },
    async (payment, { receipt }) => {
      payment.complete({ attributes: { "mpesa.receipt.number": receipt } });
      return "settled";
    },
  );
  expect(resumed).toEqual({ status: "resumed", value: "settled" });
  const [initiation, callback] = recorded.spans.getFinishedSpans();
  expect(callback?.name).toBe("settle collection");
  expect(callback?.spanContext().traceId).not.toBe(initiation?.spanContext().traceId);
  expect(callback?.links.map((link) => link.context)).toEqual([
    expect.objectContaining({
      traceId: initiation?.spanContext().traceId,
      spanId: initiation?.spanContext().spanId,
    }),
  ]);
  expect(callback?.attributes).toMatchObject({
    "finance.payment.id": "pay_1",
    "finance.payment.amount.minor": 150_000,
    "mpesa.receipt.number": "SIL7",
  });
  expect(await recorded.series("finance.payment.transactions", OUTCOME)).toEqual({
    "completed -": 1,
    ...NONE,
  });
});

test("a callback that comes again, or from two sides at once, counts once and is an event", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  const settle = () => payments.resume(FINDING, null, async (payment) => payment.complete());
  const both = await Promise.all([settle(), settle()]);
  const later = await settle();
  expect([...both, later].map(({ status }) => status).toSorted()).toEqual([
    "duplicate",
    "duplicate",
    "resumed",
  ]);
  const transactions = await recorded.series("finance.payment.transactions", OUTCOME);
  expect(transactions["completed -"]).toBe(1);
  const callbacks = await recorded.series("finance.provider.callbacks", [
    "finance.provider.callback.type",
  ]);
  expect(callbacks).toEqual({ result: 1, duplicate: 2, unmatched: 0 });
  const events = recorded.spans.getFinishedSpans().flatMap((span) => span.events);
  expect(events.filter(({ name }) => name === "finance.callback.duplicate")).toHaveLength(2);
});

test("a payment that became unknown is counted again at its outcome, and only then", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  const give = { outcome: "unknown", domain: "network", retriable: false } as const;
  await payments.resume(FINDING, null, async (payment) => payment.fail(give));
  expect(await recorded.series("finance.payment.unsettled", [])).toEqual({ "": 1 });
  await payments.resume(FINDING, null, async (payment) => payment.complete());
  expect(await recorded.series("finance.payment.unsettled", [])).toEqual({ "": 1 });
  const transactions = await recorded.series("finance.payment.transactions", OUTCOME);
  expect(transactions).toEqual({ "completed -": 1, ...NONE });
});

test("work that rolls back leaves the payment to the next callback", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  const rolledBack = payments.resume(FINDING, null, async (payment) => {
    payment.complete();
    throw new Error("the ledger is away");
  });
  await expect(rolledBack).rejects.toThrow("the ledger is away");
  const again = await payments.resume(FINDING, null, async (payment) => payment.complete());
  expect(again.status).toBe("resumed");
  const transactions = await recorded.series("finance.payment.transactions", OUTCOME);
  expect(transactions["completed -"]).toBe(1);
});

test("money that was given back is counted apart from what came in", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  await payments.resume(FINDING, null, async (payment) => payment.complete());
  const refund = { paymentId: "pay_1", rail: "mpesa", amount: money("KES", 50_000n) } as const;
  expect(await payments.refund(refund, async () => "sent")).toBe("sent");
  const error = new Error("no float");
  const failed = payments.refund(refund, async () => {
    throw error;
  });
  await expect(failed).rejects.toBe(error);
  expect(await recorded.series("finance.refund.amount.minor", ["finance.currency.code"])).toEqual({
    KES: 50_000,
  });
  expect(await recorded.series("finance.payment.amount.minor", [])).toEqual({ "": 150_000 });
});

test("a callback for a payment that nobody knows is counted and opens no span", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS, sql: sqlInMemory() });
  expect(await payments.resume(FINDING, null, async () => 1)).toEqual({ status: "unmatched" });
  const callbacks = await recorded.series("finance.provider.callbacks", [
    "finance.provider.callback.type",
  ]);
  expect(callbacks).toEqual({ result: 0, duplicate: 0, unmatched: 1 });
  expect(recorded.spans.getFinishedSpans()).toEqual([]);
});

test("a payment above its limit is an event and a count", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS, thresholds: { operations: { collect: -1 } } });
  await collect(payments, async (payment) => payment.complete());
  const breaches = await recorded.series("finance.threshold.breaches", ["finance.threshold.name"]);
  expect(breaches).toEqual({ "operation.collect": 1 });
  const [span] = recorded.spans.getFinishedSpans();
  expect(span?.events.at(-1)).toMatchObject({
    name: "finance.threshold.exceeded",
    attributes: { "finance.threshold.limit_ms": -1, "finance.operation.name": "collect" },
  });
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
