import { ATTR_MPESA_RECEIPT_NUMBER, type FinanceAttributes, type Money } from "@assay/semconv";
import { momentOf } from "./credentials.ts";
import { amountOf } from "./amount.ts";
import { type Body, readBody, textOf } from "./written.ts";

/** Money that a customer sent to our short code by himself. */
export interface C2bPayment {
  /** M-Pesa's receipt number. A confirmation that comes again has the same. */
  transactionId: string;
  /** Undefined when nobody can read it; then it is to be asked for, not booked. */
  amount: Money | undefined;
  shortcode: string | undefined;
  /** What the customer typed as account; free text. */
  reference: string | undefined;
  transactedAt: Date | undefined;
  /** The customer's phone number, mostly masked; personal data. */
  phone: string | undefined;
  /** What our answer to the validation gave, in the confirmation. */
  thirdPartyId: string | undefined;
  /** What a span may carry. */
  attributes: FinanceAttributes;
}

/** Why a validation is refused; Daraja tells the customer. */
export type C2bRefusal =
  | "C2B00011"
  | "C2B00012"
  | "C2B00013"
  | "C2B00014"
  | "C2B00015"
  | "C2B00016";

/** The answer to a validation or a confirmation, as JSON. */
export interface C2bAnswer {
  ResultCode: string;
  ResultDesc: string;
  ThirdPartyTransID?: string;
}

/**
 * Reads a validation or a confirmation of a customer's payment, from its text, its bytes or what a framework has parsed;
 * undefined of anything else. Customers' names are left out.
 */
export function readC2b(body: Body): C2bPayment | undefined {
  const fields = readBody(body);
  const transactionId = textOf(fields?.["TransID"]);
  if (fields === undefined || transactionId === undefined) return undefined;
  return {
    transactionId,
    amount: amountOf(textOf(fields["TransAmount"])),
    shortcode: textOf(fields["BusinessShortCode"]),
    reference: textOf(fields["BillRefNumber"]),
    transactedAt: momentOf(textOf(fields["TransTime"])),
    phone: textOf(fields["MSISDN"]),
    thirdPartyId: textOf(fields["ThirdPartyTransID"]),
    attributes: { [ATTR_MPESA_RECEIPT_NUMBER]: transactionId },
  };
}

/** Takes the payment. `thirdPartyId` comes back with the confirmation. */
export function acceptC2b(thirdPartyId?: string): C2bAnswer {
  const answer = { ResultCode: "0", ResultDesc: "Accepted" };
  return thirdPartyId === undefined ? answer : { ...answer, ThirdPartyTransID: thirdPartyId };
}

/**
 * Refuses a validation: C2B00011 the phone number, 12 the account, 13 the amount, 14 the customer's papers, 15 the short
 * code, 16 anything else.
 */
export function refuseC2b(why: C2bRefusal): C2bAnswer {
  return { ResultCode: why, ResultDesc: "Rejected" };
}
