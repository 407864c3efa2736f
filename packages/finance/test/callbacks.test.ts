import { money } from "@assay/semconv";
import { SpanStatusCode } from "@opentelemetry/api";
import { expect, test } from "vitest";
import {
  createPayments,
  createTenantBuckets,
  currentTenant,
  pendingIn,
  withTenant,
} from "../src/index.ts";
import { awaitsCallback, collect, FINDING, NONE, OUTCOME, RAILS } from "./mpesa.ts";
import { sqlInMemory } from "./sql.ts";
import { recordTelemetry } from "./telemetry.ts";

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

test("a payment that its provider was asked about is settled, and its answer is no callback", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  const asked = { ...FINDING, isQuery: true };
  const settle = () => payments.resume(asked, null, async (payment) => payment.complete());
  expect([await settle(), await settle()].map(({ status }) => status)).toEqual([
    "resumed",
    "duplicate",
  ]);
  expect(await recorded.series("finance.payment.transactions", OUTCOME)).toEqual({
    "completed -": 1,
    ...NONE,
  });
  expect(
    await recorded.series("finance.provider.callbacks", ["finance.provider.callback.type"]),
  ).toEqual({ result: 0, duplicate: 0, unmatched: 0 });
  const settled = recorded.spans
    .getFinishedSpans()
    .filter(({ name }) => name === "settle collection");
  expect(settled.flatMap(({ events }) => events.map(({ name }) => name))).not.toContain(
    "finance.callback.duplicate",
  );
});

test("a request that times out when its callback has settled the payment is no error, and nothing is unknown", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  const error = new DOMException("timed out", "TimeoutError");
  const run = collect(payments, async (payment) => {
    await payment.checkpoint(sql);
    const finding = { by: "id", value: payment.id };
    await payments.resume(finding, null, async (settled) => settled.complete());
    throw error;
  });
  await expect(run).rejects.toBe(error);
  const initiation = recorded.spans
    .getFinishedSpans()
    .find(({ name }) => name.startsWith("initiate"));
  expect(initiation?.status.code).toBe(SpanStatusCode.UNSET);
  expect(initiation?.attributes).not.toHaveProperty("finance.outcome");
  expect(await recorded.series("finance.payment.unsettled", [])).toEqual({ "": 0 });
  const counts = await recorded.series("finance.payment.transactions", OUTCOME);
  expect(counts).toEqual({ "completed -": 1, ...NONE });
});

test("a dispute of a payment that has completed is recorded, linked, and counts nothing again", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  await payments.resume(FINDING, null, async (payment) => payment.complete());
  const dispute = () =>
    payments.amend(FINDING, null, async (payment) => payment.transition("disputed"));
  expect(await dispute()).toEqual({ status: "resumed", value: true });
  // What is said again is a change of state that is refused.
  expect(await dispute()).toEqual({ status: "resumed", value: false });
  const [initiation, , disputed] = recorded.spans.getFinishedSpans();
  expect(disputed?.attributes).toMatchObject({ "finance.payment.status": "disputed" });
  expect(disputed?.attributes).not.toHaveProperty("finance.outcome");
  expect(disputed?.links[0]?.context.spanId).toBe(initiation?.spanContext().spanId);
  expect(await recorded.series("finance.payment.transactions", OUTCOME)).toEqual({
    "completed -": 1,
    ...NONE,
  });
  expect(await pendingIn(sql)).toEqual([]);
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

test("a callback works on behalf of the tenant that the payment began for, and is counted in its bucket", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const tenants = createTenantBuckets({ contractual: ["org_42"] });
  const payments = createPayments({ rails: RAILS, sql, tenants });
  await withTenant({ id: "org_42", tier: "premium" }, () => awaitsCallback(payments, sql));
  const resumed = await payments.resume(FINDING, null, async (payment) => {
    payment.complete();
    return currentTenant();
  });
  expect(resumed).toEqual({ status: "resumed", value: { id: "org_42", tier: "premium" } });
  for (const span of recorded.spans.getFinishedSpans()) {
    expect(span.attributes["finance.tenant.id"]).toBe("org_42");
  }
  const labels = ["finance.tenant.bucket", "finance.tenant.tier"];
  const amounts = await recorded.series("finance.payment.amount.minor", labels);
  expect(amounts).toEqual({ "- -": 0, "org_42 premium": 150_000 });
  const ended = await recorded.series("finance.tenant.payments", [...labels, "finance.outcome"]);
  expect(ended).toEqual({ "org_42 premium completed": 1 });
  // A histogram is twenty series each.
  const durations = await recorded.series("finance.payment.duration", labels);
  expect(durations).toEqual({ "- premium": 1 });
});
