// Decimal places in ISO 4217 where they are not two.
const EXPONENTS: Readonly<Record<string, number>> = Object.fromEntries([
  ...["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"].map((code) => [code, 0]),
  ...["RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"].map((code) => [code, 0]),
  ...["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map((code) => [code, 3]),
  ...["CLF", "UYW"].map((code) => [code, 4]),
]);

/**
 * Writes an amount the way people read it: 150_000n of "KES" is `KES 1,500.00`.
 *
 * Computed on the digits, never as a float. `exponent` defaults to ISO 4217's; a code that is not
 * three letters, or an exponent that is not from 0 to 8, gives `150000 minor units`.
 */
export function formatMoney(amountMinor: bigint, currency: string, exponent?: number): string {
  const places = exponent ?? (Object.hasOwn(EXPONENTS, currency) ? EXPONENTS[currency]! : 2);
  if (!/^[A-Z]{3}$/.test(currency) || !Number.isInteger(places) || places < 0 || places > 8) {
    return `${amountMinor} minor units`;
  }
  const sign = amountMinor < 0n ? "-" : "";
  const digits = String(amountMinor < 0n ? -amountMinor : amountMinor).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places).replaceAll(/\B(?=(\d{3})+$)/g, ",");
  const fraction = places === 0 ? "" : `.${digits.slice(-places)}`;
  return `${currency} ${sign}${whole}${fraction}`;
}
