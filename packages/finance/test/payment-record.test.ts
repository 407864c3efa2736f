import { expect, test } from "vitest";
import { createPayments, operation, UserRequiredError, wide, withUser } from "../src/index.ts";
import { collect, NONE, OUTCOME, RAILS } from "./mpesa.ts";
import { recordTelemetry } from "./telemetry.ts";

test("all that is known of a payment is one record, also when its work throws", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  await collect(payments, async (payment) => {
    wide.set({ "finance.fx.quote.id": "fxq_1" });
    payment.complete({ attributes: { "mpesa.receipt.number": "SFF6XYZ1AB" } });
  });
  const broken = collect(payments, async () => {
    wide.set({ "finance.fx.quote.id": "fxq_2" });
    throw new Error("broken");
  });
  await expect(broken).rejects.toThrow("broken");
  const records = recorded.logs.getFinishedLogRecords();
  const spans = recorded.spans.getFinishedSpans();
  expect(
    records.map(({ eventName, severityText, spanContext }) => [
      eventName,
      severityText,
      spanContext?.spanId,
    ]),
  ).toEqual([
    ["finance.operation.completed", "INFO", spans[0]?.spanContext().spanId],
    ["finance.operation.completed", "WARN", spans[1]?.spanContext().spanId],
  ]);
  const common = {
    "finance.operation.name": "collect",
    "finance.payment.id": "pay_1",
    "finance.payment.amount.minor": 150_000,
    "finance.provider.name": "safaricom",
  };
  expect(records.map(({ attributes }) => attributes)).toMatchObject([
    {
      ...common,
      "finance.payment.status": "completed",
      "finance.outcome": "completed",
      "mpesa.receipt.number": "SFF6XYZ1AB",
      "finance.fx.quote.id": "fxq_1",
    },
    { ...common, "finance.failure.domain": "platform", "finance.fx.quote.id": "fxq_2" },
  ]);
});

test("in an operation a payment adds to the operation's record and makes none of its own", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  await operation({ name: "take_order" }, () =>
    collect(payments, async (payment) => {
      wide.set({ "finance.fx.quote.id": "fxq_1" });
      payment.fail({ code: "1032" });
    }),
  );
  expect(recorded.logs.getFinishedLogRecords().map(({ attributes }) => attributes)).toMatchObject([
    {
      "finance.operation.name": "take_order",
      "finance.outcome": "completed",
      "finance.payment.id": "pay_1",
      "finance.payment.status": "cancelled",
      "finance.failure.code": "1032",
      "finance.fx.quote.id": "fxq_1",
    },
  ]);
});

test("a payment that needs a user does not begin without one, and that is a security event", async () => {
  using recorded = recordTelemetry();
  const payments = createPayments({ rails: RAILS });
  let begun = 0;
  const pay = () =>
    collect(
      payments,
      async (payment) => {
        begun += 1;
        payment.complete();
      },
      { requireUser: true },
    );
  await expect(pay()).rejects.toThrow(UserRequiredError);
  expect(begun).toBe(0);
  expect(await recorded.counted("finance.security.events", ["finance.security.severity"])).toEqual({
    high: 1,
  });
  await withUser({ id: "usr_1" }, pay);
  expect(begun).toBe(1);
  expect(await recorded.series("finance.payment.transactions", OUTCOME)).toEqual({
    "completed -": 1,
    ...NONE,
  });
});
