import {
  ATTR_MPESA_CHECKOUT_REQUEST_ID,
  ATTR_MPESA_RECEIPT_NUMBER,
  ATTR_MPESA_RESULT_CODE,
  type Money,
} from "@assay/semconv";
import type { Details, Payment } from "../payment.ts";
import { codeOf, type Fields } from "./answer.ts";
import { momentOf } from "./credentials.ts";
import { amountOf } from "./amount.ts";
import { type Body, fieldsOf, readBody, readPairs, textOf } from "./written.ts";

/** How something ended that was asked of Daraja, as far as `payments.resume` needs it. */
export interface Result {
  /** For `payments.resume`: `checkpoint` has kept the payment under it. */
  finding: { by: string; value: string };
  /** ResultCode as text; the failure catalogue knows it under the rail's API. */
  code: string;
  /** What was asked is done: the money has moved. */
  isCompleted: boolean;
  /** For `complete` and `fail`: what the span may carry. */
  details: Details;
}

/** How an STK push ended. What Daraja left out, or nobody can read, is undefined. */
export interface StkResult extends Result {
  checkoutRequestId: string;
  merchantRequestId: string | undefined;
  /** What was paid. Compare it with what was asked before the goods go out. */
  amount: Money | undefined;
  /** M-Pesa's receipt number. */
  receipt: string | undefined;
  transactedAt: Date | undefined;
  /** The customer's phone number, sometimes masked; personal data. */
  phone: string | undefined;
}

/** ResultCode of what was done as it was asked. */
export const DONE = "0";

/**
 * Reads the callback of an STK push, from its text, its bytes or what a framework has parsed; undefined of anything
 * else. Give the text where the framework has it: then amounts are read as written.
 *
 * @example
 * const result = readStkCallback(request.rawBody);
 * if (result === undefined) return reply.code(400).send();
 * await payments.resume(result.finding, result, async (payment) => settle(payment, result));
 */
export function readStkCallback(body: Body): StkResult | undefined {
  const callback = fieldsOf(fieldsOf(readBody(body)?.["Body"])?.["stkCallback"]);
  return callback === undefined ? undefined : readResult(callback);
}

/**
 * Settles a payment as a result says: completed, or failed with the code that the failure catalogue looks up.
 *
 * Gives false and changes nothing when the result says neither, as the answer to a question about a transaction that is
 * still on its way.
 */
export function settle(payment: Payment, { isCompleted, code, details }: Result): boolean {
  if (isCompleted) return payment.complete(details);
  return code !== DONE && payment.fail({ code }, details);
}

/** Reads the answer of a query, whose fields are those of the callback without the metadata. */
export function readResult(fields: Fields): StkResult | undefined {
  const checkoutRequestId = textOf(fields["CheckoutRequestID"]);
  const code = codeOf(fields["ResultCode"]);
  if (checkoutRequestId === undefined || code === undefined) return undefined;
  const items = readPairs(fieldsOf(fields["CallbackMetadata"])?.["Item"], "Name");
  const receipt = items.get("MpesaReceiptNumber");
  return {
    finding: { by: "CheckoutRequestID", value: checkoutRequestId },
    code,
    isCompleted: code === DONE,
    details: {
      attributes: {
        [ATTR_MPESA_CHECKOUT_REQUEST_ID]: checkoutRequestId,
        [ATTR_MPESA_RESULT_CODE]: code,
        ...(receipt !== undefined && { [ATTR_MPESA_RECEIPT_NUMBER]: receipt }),
      },
    },
    checkoutRequestId,
    merchantRequestId: textOf(fields["MerchantRequestID"]),
    amount: amountOf(items.get("Amount")),
    receipt,
    transactedAt: momentOf(items.get("TransactionDate")),
    phone: items.get("PhoneNumber"),
  };
}
