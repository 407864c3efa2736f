import { money } from "@assay/semconv";
import type { Payments, Sql } from "../src/index.ts";

export const RAILS = {
  mpesa: {
    provider: "safaricom",
    api: "stk_push",
    method: "mobile_money",
    type: "collection",
    direction: "inbound",
    currencies: ["KES"],
  },
} as const;
export const OUTCOME = ["finance.outcome", "finance.failure.domain"];
export const NONE = Object.fromEntries(
  ["failed", "cancelled", "expired"].flatMap((outcome) =>
    ["customer", "merchant", "provider", "platform", "network"].map((domain) => [
      `${outcome} ${domain}`,
      0,
    ]),
  ),
);

export function collect<T>(
  payments: Payments<"mpesa">,
  work: Parameters<typeof payments.run<T>>[1],
  more: { requireUser?: boolean } = {},
): Promise<T> {
  const amount = money("KES", 150_000n);
  return payments.run(
    {
      operation: "collect",
      rail: "mpesa",
      paymentId: "pay_1",
      amount,
      category: "payment_processing",
      ...more,
    },
    work,
  );
}

export async function awaitsCallback(payments: Payments<"mpesa">, sql: Sql) {
  await collect(payments, async (payment) => {
    payment.transition("processing");
    await payment.checkpoint(sql, { CheckoutRequestID: "ws_CO_1" });
  });
}

export const FINDING = { by: "CheckoutRequestID", value: "ws_CO_1" };
