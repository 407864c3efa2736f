/**
 * What a pseudonym is of. Each class has a domain of its own, so that equal texts of two classes
 * have nothing in common.
 */
export type PseudonymClass = (typeof PSEUDONYM_CLASSES)[number];

/** Every class that a pseudonym can be made of. */
export const PSEUDONYM_CLASSES = [
  "msisdn",
  "email",
  "iban",
  "account",
  "pan",
  "national-id",
  "customer",
  "counterparty",
  "user",
  "device",
] as const;

/** A country whose phone numbers may be written without their country code. */
export type LocalCountry = "GH" | "KE" | "NG" | "RW" | "TZ" | "UG" | "ZA" | "ZW";

// Country code, and the national number as it is written when even the trunk zero is left out.
const COUNTRIES: Readonly<Record<LocalCountry, readonly [code: string, bare: RegExp]>> = {
  GH: ["233", /^[25]\d{8}$/],
  KE: ["254", /^[17]\d{8}$/],
  NG: ["234", /^[789][01]\d{8}$/],
  RW: ["250", /^7[2389]\d{7}$/],
  TZ: ["255", /^[67]\d{8}$/],
  UG: ["256", /^[347]\d{8}$/],
  ZA: ["27", /^[678]\d{8}$/],
  ZW: ["263", /^7[1378]\d{7}$/],
};

/** Every country that a local phone number can be of, as ISO 3166 codes. */
export const LOCAL_COUNTRIES = Object.keys(COUNTRIES) as readonly LocalCountry[];

const SEPARATORS = /[\s.\-_/+]/g;

/**
 * The one spelling of a value under which it is hashed; `undefined` for what cannot be of the class.
 *
 * A phone number is its E.164 digits: `0712 345 678`, `+254712345678` and `254712345678` are one
 * number, and a local form is of `country`. The canonical form of a canonical form is itself.
 */
export function canonicalOf(
  of: PseudonymClass,
  value: string,
  country: LocalCountry = "KE",
): string | undefined {
  const trimmed = value.trim();
  const compact = trimmed.replace(SEPARATORS, "");
  switch (of) {
    case "msisdn":
      return phoneDigits(trimmed, country);
    case "email":
      return /^[^\s@]+@[^\s@]+$/.test(trimmed) ? trimmed.toLowerCase() : undefined;
    case "iban":
      return /^[a-z]{2}\d{2}[a-z0-9]{11,30}$/i.test(compact) ? compact.toUpperCase() : undefined;
    case "pan":
      return /^\d{12,19}$/.test(compact) ? compact : undefined;
    case "account":
    case "national-id":
      return /^[\p{L}\p{N}]+$/u.test(compact) ? compact.toUpperCase() : undefined;
    default:
      // Ids of somebody's system: `cus_aB` and `cus_Ab` may be two customers.
      return trimmed === "" ? undefined : trimmed;
  }
}

// ITU-T E.164: at most 15 digits with the country code.
function phoneDigits(value: string, country: LocalCountry): string | undefined {
  const written = value.replace(/^tel:/i, "").trim();
  if (!/^\+?[\d\s.\-/()]+$/.test(written)) return undefined;
  const digits = written.replace(/\(0\)/, "").replace(/\D/g, "");
  const [code, bare] = COUNTRIES[country];
  const whole = /^(?:00|011(?=\d{10}))/.test(digits)
    ? digits.replace(/^(?:00|011)/, "")
    : digits.startsWith("0") && !written.startsWith("+")
      ? code + digits.slice(1)
      : bare.test(digits) && !written.startsWith("+")
        ? code + digits
        : digits;
  // The trunk zero that people leave in: +254 0712 345678.
  const number = whole.replace(/^(25\d|23\d|26\d|27)0/, "$1");
  return /^[1-9]\d{6,14}$/.test(number) ? number : undefined;
}
