import { expect, test } from "vitest";
import { createPayments, observePending, pendingIn } from "../src/index.ts";
import { awaitsCallback, FINDING, RAILS } from "./mpesa.ts";
import { sqlInMemory } from "./sql.ts";
import { recordTelemetry } from "./telemetry.ts";

const NOTHING = Object.fromEntries(
  ["created", "requires_action", "processing", "authorized", "captured", "settled", "unknown"].map(
    (status) => [`safaricom ${status}`, 0],
  ),
);

test("what waits for its outcome is a gauge by rail and state, with the age of the oldest", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  await sql.execute("update finance_payment_checkpoints set started_at = $1", [
    Date.now() - 90_000,
  ]);
  observePending({ rails: RAILS, find: () => pendingIn(sql) });
  const labels = ["finance.provider.name", "finance.payment.status"];
  expect(await recorded.series("finance.payment.pending", labels)).toEqual({
    ...NOTHING,
    "safaricom processing": 1,
  });
  const age = await recorded.series("finance.payment.pending_age", labels);
  expect(age["safaricom processing"]).toBeGreaterThanOrEqual(90);

  await payments.resume(FINDING, null, async (payment) => payment.complete());
  expect(await pendingIn(sql)).toEqual([]);
  expect(await recorded.series("finance.payment.pending", labels)).toEqual(NOTHING);
  expect(await recorded.series("finance.payment.pending_age", labels)).toEqual(NOTHING);
});

test("each rail of a provider has a gauge, and of two with the same labels what waits is added up", async () => {
  using recorded = recordTelemetry();
  const payout = { ...RAILS.mpesa, api: "b2c", type: "disbursement" } as const;
  const another = { ...RAILS.mpesa, currencies: ["UGX"] };
  const found = [
    { rail: "mpesa", status: "processing", count: 2, oldestMs: 90_000 },
    { rail: "another", status: "processing", count: 3, oldestMs: 60_000 },
    { rail: "payout", status: "processing", count: 7, oldestMs: 30_000 },
  ] as const;
  observePending({ rails: { ...RAILS, payout, another }, find: () => Promise.resolve(found) });
  const labels = ["finance.provider.operation.name", "finance.payment.status"];
  const counts = await recorded.series("finance.payment.pending", labels);
  const ages = await recorded.series("finance.payment.pending_age", labels);
  const keys = ["stk_push processing", "b2c processing"];
  expect(keys.map((key) => [counts[key], ages[key]])).toEqual([
    [5, 90],
    [7, 30],
  ]);
});

test("when the database is away the gauges have no value, and nobody is hurt", async () => {
  using recorded = recordTelemetry();
  observePending({ rails: RAILS, find: () => Promise.reject(new Error("the database is away")) });
  expect(await recorded.series("finance.payment.pending", [])).toEqual({});
});
