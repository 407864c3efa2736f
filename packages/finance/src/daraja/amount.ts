import { type Money, parseMoney } from "@assay/semconv";

// Of a shilling.
const EXPONENT = 2;

/** Reads an amount as Daraja writes it, "1", "1.00" or "8959269.6"; undefined of anything else. */
export function amountOf(text: string | undefined): Money | undefined {
  const match = /^(-?\d{1,15})(?:\.(\d{1,15}))?$/.exec(text ?? "");
  if (match === null) return undefined;
  const [, whole = "", decimals = ""] = match;
  const significant = decimals.replace(/0+$/, "");
  if (significant.length > EXPONENT) return undefined;
  return parseMoney("KES", significant === "" ? whole : `${whole}.${significant}`);
}
