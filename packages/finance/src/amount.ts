import { type Attributes, type Counter, diag, type Span } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_CURRENCY_EXPONENT,
  ATTR_FINANCE_PAYMENT_AMOUNT_MINOR,
  formatMoney,
  type Money,
  minorUnits,
} from "@assay/semconv";

/** Writes an amount on a span, in minor units; nothing when there is none. */
export function setMoney(span: Span, key: string, amount: Money | undefined): void {
  const minor = minorOf(amount);
  if (minor !== undefined) span.setAttribute(key, minor);
}

/** Writes what a payment is about on its span. */
export function setAmount(span: Span, amount: Money | undefined): void {
  if (amount !== undefined) span.setAttributes(amountAttributes(amount));
}

/** What a payment is about: the amount, its currency and the currency's exponent. */
export function amountAttributes(amount: Money): Attributes {
  const attributes: Attributes = {
    [ATTR_FINANCE_CURRENCY_CODE]: amount.currency,
    [ATTR_FINANCE_CURRENCY_EXPONENT]: amount.exponent,
  };
  const minor = minorOf(amount);
  if (minor !== undefined) attributes[ATTR_FINANCE_PAYMENT_AMOUNT_MINOR] = minor;
  return attributes;
}

/** Adds an amount to a counter of minor units; its labels have the currency. */
export function addMoney(counter: Counter, amount: Money | undefined, labels: Attributes): void {
  const minor = minorOf(amount);
  if (minor !== undefined) counter.add(minor, labels);
}

// Telemetry never throws into a payment, and a number that is not exact would be worse than none.
function minorOf(amount: Money | undefined): number | undefined {
  if (amount === undefined) return undefined;
  try {
    return minorUnits(amount);
  } catch {
    diag.warn(`${formatMoney(amount)} is beyond what a number holds and is not recorded`);
    return undefined;
  }
}
