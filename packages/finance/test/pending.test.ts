import { expect, test } from "vitest";
import { createPayments, observePending, pendingIn } from "../src/index.ts";
import { awaitsCallback, FINDING, RAILS } from "./mpesa.ts";
import { sqlInMemory } from "./sql.ts";
import { recordTelemetry } from "./telemetry.ts";

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
    "safaricom processing": 1,
  });
  const age = await recorded.series("finance.payment.pending_age", labels);
  expect(age["safaricom processing"]).toBeGreaterThanOrEqual(90);

  await payments.resume(FINDING, null, async (payment) => payment.complete());
  expect(await pendingIn(sql)).toEqual([]);
  expect(await recorded.series("finance.payment.pending", labels)).toEqual({});
});

test("when the database is away the gauges have no value, and nobody is hurt", async () => {
  using recorded = recordTelemetry();
  observePending({ rails: RAILS, find: () => Promise.reject(new Error("the database is away")) });
  expect(await recorded.series("finance.payment.pending", [])).toEqual({});
});
