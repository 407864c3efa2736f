import { decimalOf, type Money, money } from "@assay/semconv";
import { type Asked, notARequest } from "./error.ts";

const SHILLING = money("KES", 100n);
const LONGEST_REFERENCE = 12;

/** An amount as Daraja takes it: whole shillings, 1 at least. Throws DarajaError with a sentence for any other. */
export function shillingsOf(amount: Money, asked: Pick<Asked, "operation" | "kind">): number {
  const { currency, minor } = amount;
  if (typeof minor !== "bigint") {
    throw notARequest(asked, `the amount is no Money; write money("KES", 150_000n)`);
  }
  if (currency !== SHILLING.currency) {
    throw notARequest(asked, `the amount is in ${currency}; Daraja takes KES`);
  }
  const shillings = minor / SHILLING.minor;
  if (shillings * SHILLING.minor !== minor) {
    throw notARequest(
      asked,
      `the amount is KES ${decimalOf(amount)}; Daraja takes whole shillings, so round it before`,
    );
  }
  if (shillings < 1n || shillings > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw notARequest(asked, `the amount is KES ${decimalOf(amount)}; Daraja takes KES 1 or more`);
  }
  return Number(shillings);
}

/** A phone number as Daraja takes it. */
export function phoneOf(phone: string, asked: Asked): string {
  if (/^254\d{9}$/.test(phone)) return phone;
  throw notARequest(asked, "the phone number is not as Daraja takes it; write 254 and nine digits");
}

/** A reference as Daraja takes it: one that is cut would be another one. */
export function referenceOf(reference: string, asked: Asked): string {
  if (reference.length > 0 && reference.length <= LONGEST_REFERENCE) return reference;
  throw notARequest(
    asked,
    `the reference has ${reference.length} characters; Daraja takes 1 to ${LONGEST_REFERENCE}`,
  );
}
