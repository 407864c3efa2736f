import { minorNumber, type Money } from "./money.ts";

declare const brand: unique symbol;

/** A whole number of minor units of a currency. A plain number, which may have a fraction, is not one. */
export type MinorUnits = number & { readonly [brand]: true };

/**
 * Makes the value of an attribute or of a counter from an amount: `minorUnits(money("KES", 150_000n))` is 150000.
 *
 * Throws MoneyError beyond 2^53 - 1 minor units, where a number no longer is exact.
 */
export function minorUnits(amount: Money): MinorUnits {
  return minorNumber(amount) as MinorUnits;
}
