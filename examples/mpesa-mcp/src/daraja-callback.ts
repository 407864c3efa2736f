import { randomInt } from "node:crypto";
import { darajaTimestamp } from "./daraja-credentials.ts";
import type { Scenario } from "./scenarios.ts";

/** An STK push that waits for the customer, or was answered. */
export interface Push {
  scenario: Scenario;
  merchantRequestId: string;
  checkoutRequestId: string;
  amount: number;
  phone: string;
  callbackUrl: string;
  receipt: string;
  isAnswered: boolean;
}

/** Sends `Body.stkCallback` to the merchant's CallBackURL, in Daraja's documented shape. */
export async function postCallback(answered: Push, signal: AbortSignal): Promise<void> {
  const { scenario, merchantRequestId, checkoutRequestId } = answered;
  const response = await fetch(answered.callbackUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    signal,
    body: JSON.stringify({
      Body: {
        stkCallback: {
          MerchantRequestID: merchantRequestId,
          CheckoutRequestID: checkoutRequestId,
          ResultCode: scenario.result.code,
          ResultDesc: scenario.result.description,
          // Absent on failure; `Balance` comes with a name and no value.
          ...(scenario.result.code === 0 && { CallbackMetadata: { Item: metadata(answered) } }),
        },
      },
    }),
  });
  await response.body?.cancel();
}

function metadata({ amount, receipt, phone }: Push): { Name: string; Value?: number | string }[] {
  return [
    { Name: "Amount", Value: amount },
    { Name: "MpesaReceiptNumber", Value: receipt },
    { Name: "Balance" },
    { Name: "TransactionDate", Value: Number(darajaTimestamp()) },
    { Name: "PhoneNumber", Value: Number(phone) },
  ];
}

/** A receipt number such as NLJ7RT61SV. */
export function receiptNumber(): string {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
  return Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join("");
}
