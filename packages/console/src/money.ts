import { currencyOf, formatMoney as format } from "@assay/semconv";

/**
 * Writes an amount the way people read it: 150_000n of "KES" is `KES 1,500.00`.
 *
 * `exponent` is the sender's; without one it is that of ISO 4217. What is no currency, or has an exponent that is not
 * from 0 to 8, gives `150000 minor units`: the console shows what came and never guesses.
 */
export function formatMoney(minor: bigint, currency: string, exponent?: number): string {
  const places = exponent ?? currencyOf(currency)?.exponent ?? -1;
  return /^[A-Z]{3}$/.test(currency) && Number.isInteger(places) && places >= 0 && places <= 8
    ? format({ currency, minor, exponent: places })
    : `${minor} minor units`;
}
