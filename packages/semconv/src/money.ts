import { type Currency, currencyOf, hasNoMinorUnit, replacementOf } from "./currencies.ts";

/**
 * An amount of one currency, in whole minor units. Frozen; made by the functions here.
 *
 * `JSON.stringify` writes it as a MoneyJson, which `moneyFromJson` reads.
 */
export interface Money {
  /** ISO 4217 code, as "KES". */
  readonly currency: string;
  /** Whole minor units: 150000n with exponent 2 is 1500.00. */
  readonly minor: bigint;
  /** Decimal places of the currency, from ISO 4217. */
  readonly exponent: number;
}

/** An amount in JSON, which has no whole numbers beyond 2^53: the minor units are text, "150000". */
export interface MoneyJson {
  currency: string;
  minor: string;
  exponent: number;
}

export type MoneyErrorCode =
  | "MONEY_AMOUNT"
  | "MONEY_CURRENCY"
  | "MONEY_CURRENCIES_DIFFER"
  | "MONEY_DECIMALS"
  | "MONEY_JSON"
  | "MONEY_TOO_LARGE"
  | "MONEY_WEIGHTS";

/** A refusal, in one sentence that says what was found and what to write instead. */
export class MoneyError extends RangeError {
  readonly code: MoneyErrorCode;
  constructor(code: MoneyErrorCode, message: string) {
    super(message);
    this.name = "MoneyError";
    this.code = code;
  }
}

/**
 * Makes an amount from whole minor units.
 *
 * Throws MoneyError for a float, NaN, a number beyond 2^53 - 1, and a code that ISO 4217 does not have.
 *
 * @example money("KES", 150_000n) // KES 1,500.00
 */
export function money(currency: string, minor: bigint | number): Money {
  const known = knownCurrency(currency);
  return amountOf(known, wholeUnits(known, minor));
}

/**
 * Reads a decimal amount as people and providers write it, "1500.00".
 *
 * Digits with one point, and a minus in front; no grouping, no exponent, no sign of the currency. Throws MoneyError for
 * anything else, and for more decimals than the currency has.
 */
export function parseMoney(currency: string, text: string): Money {
  const known = knownCurrency(currency);
  const match = typeof text === "string" ? /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text) : null;
  if (match === null) {
    throw new MoneyError(
      "MONEY_AMOUNT",
      `the amount is ${shown(text)}; write digits with a point before the decimals, as "${example(known)}"`,
    );
  }
  const [, sign = "", whole = "", decimals = ""] = match;
  if (decimals.length > known.exponent) {
    throw new MoneyError(
      "MONEY_DECIMALS",
      `the amount is "${text}" and ${currency} has ${places(known.exponent)}; write "${example(known)}", or round before`,
    );
  }
  const minor = BigInt(whole + decimals.padEnd(known.exponent, "0"));
  return amountOf(known, sign === "-" ? -minor : minor);
}

/**
 * Reads what `JSON.stringify` made of an amount, after `JSON.parse`.
 *
 * Throws MoneyError for another shape, and when the exponent written then is not the currency's now.
 */
export function moneyFromJson(json: unknown): Money {
  const { currency, minor, exponent } = (
    typeof json === "object" && json !== null ? json : {}
  ) as Partial<Record<keyof MoneyJson, unknown>>;
  if (typeof currency !== "string" || typeof minor !== "string" || !/^-?\d{1,60}$/.test(minor)) {
    throw new MoneyError(
      "MONEY_JSON",
      `this is no amount in JSON; write {"currency": "KES", "minor": "150000", "exponent": 2}, with minor as text`,
    );
  }
  const known = knownCurrency(currency);
  if (exponent !== known.exponent) {
    throw new MoneyError(
      "MONEY_JSON",
      `the exponent is ${shown(exponent)} and ${currency} has ${known.exponent}; convert the amount and write ${known.exponent}`,
    );
  }
  return amountOf(known, BigInt(minor));
}

/** Adds amounts of one currency. Throws MoneyError when their currencies differ. */
export function addMoney(first: Money, ...others: readonly Money[]): Money {
  const minor = others.reduce((sum, other) => sum + same(first, other).minor, first.minor);
  return withMinor(first, minor);
}

/** Takes `other` from `first`. Throws MoneyError when their currencies differ. */
export function subtractMoney(first: Money, other: Money): Money {
  return withMinor(first, first.minor - same(first, other).minor);
}

/** The amount with the other sign. */
export function negateMoney(amount: Money): Money {
  return withMinor(amount, -amount.minor);
}

/** The amount `times` over; whole numbers only, because a fraction of a minor unit is nobody's. */
export function multiplyMoney(amount: Money, times: bigint | number): Money {
  if (typeof times === "number" && !Number.isSafeInteger(times)) {
    throw new MoneyError(
      "MONEY_AMOUNT",
      `the multiplier is ${shown(times)}; use a whole number, and allocateMoney for shares`,
    );
  }
  return withMinor(amount, amount.minor * BigInt(times));
}

/**
 * Splits an amount by weights; the parts add up to it exactly.
 *
 * What does not divide goes, a minor unit each, to the parts that lost the most by it; among equals to the first.
 *
 * @example allocateMoney(money("KES", 100n), [1, 1, 1]) // 34, 33, 33
 */
export function allocateMoney(amount: Money, weights: readonly (bigint | number)[]): Money[] {
  const whole = weights.every(
    (weight) => typeof weight === "bigint" || Number.isSafeInteger(weight),
  );
  // Summed as bigints: a sum of numbers rounds beyond 2^53 and would lose units.
  const divisor = whole ? weights.reduce<bigint>((sum, weight) => sum + BigInt(weight), 0n) : 0n;
  if (divisor === 0n || weights.some((weight) => weight < 0)) {
    throw new MoneyError(
      "MONEY_WEIGHTS",
      `the weights are [${weights.slice(0, 10).join(", ")}]; use whole numbers from 0, at least one of them above 0`,
    );
  }
  const shares = weights.map((weight) => amount.minor * BigInt(weight));
  const parts = shares.map((share) => share / divisor);
  // Division cuts towards zero, so what is left has the amount's sign and is fewer units than there are parts.
  const left = amount.minor - parts.reduce((sum, part) => sum + part, 0n);
  const [count, unit] = left < 0n ? [Number(-left), -1n] : [Number(left), 1n];
  const cut = (index: number): bigint => (shares[index]! % divisor) * unit;
  const byLoss = [...parts.keys()].toSorted((a, b) => Number(cut(b) - cut(a)) || a - b);
  for (const index of byLoss.slice(0, count)) parts[index]! += unit;
  return parts.map((minor) => withMinor(amount, minor));
}

/** Tells whether it is an amount of nothing. */
export function isZeroMoney({ minor }: Money): boolean {
  return minor === 0n;
}

/** Below 0 when `first` is less than `other`, 0 when they are equal, above 0 otherwise. */
export function compareMoney(first: Money, other: Money): number {
  const { minor } = same(first, other);
  return first.minor === minor ? 0 : first.minor < minor ? -1 : 1;
}

/** Writes an amount as `parseMoney` reads it: "1500.00". */
export function decimalOf({ minor, exponent }: Money): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const sign = minor < 0n ? "-" : "";
  return exponent === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-exponent)}`;
}

/** Writes an amount for people: "KES 1,500.00", "-UGX 1,500". The same in every locale. */
export function formatMoney(amount: Money): string {
  const [whole = "", decimals] = decimalOf(amount).replace("-", "").split(".");
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
  const sign = amount.minor < 0n ? "-" : "";
  return `${sign}${amount.currency} ${grouped}${decimals === undefined ? "" : `.${decimals}`}`;
}

/**
 * Gives the minor units as a number, for a span attribute or a counter.
 *
 * Throws MoneyError beyond 2^53 - 1: OpenTelemetry drops a BigInt, and a larger number is not exact.
 */
export function minorNumber({ currency, minor }: Money): number {
  if (minor > BigInt(Number.MAX_SAFE_INTEGER) || minor < -BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new MoneyError(
      "MONEY_TOO_LARGE",
      `${currency} ${minor} in minor units is beyond 2^53 - 1, up to which a number is exact; keep it as a bigint or as text`,
    );
  }
  return Number(minor);
}

function amountOf({ code, exponent }: Currency, minor: bigint): Money {
  return withMinor({ currency: code, exponent }, minor);
}

function withMinor({ currency, exponent }: Omit<Money, "minor">, minor: bigint): Money {
  const amount: Money = { currency, minor, exponent };
  // Not enumerable, so that an amount is equal to the plain object and spreads like one.
  return Object.freeze(Object.defineProperty(amount, "toJSON", { value: toJson }));
}

function toJson(this: Money): MoneyJson {
  return { currency: this.currency, minor: this.minor.toString(), exponent: this.exponent };
}

function knownCurrency(code: string): Currency {
  const known = typeof code === "string" ? currencyOf(code) : undefined;
  if (known !== undefined) return known;
  const upper = typeof code === "string" ? code.toUpperCase() : "";
  if (hasNoMinorUnit(upper)) {
    throw new MoneyError(
      "MONEY_CURRENCY",
      `the currency is ${shown(code)}, which has no minor unit in ISO 4217; write the currency it is paid in, such as "KES"`,
    );
  }
  const instead = currencyOf(upper)?.code ?? replacementOf(upper);
  const hint = instead === undefined ? 'a code such as "KES"' : `"${instead}"`;
  throw new MoneyError(
    "MONEY_CURRENCY",
    `the currency is ${shown(code)}, which ISO 4217 does not have; write ${hint}`,
  );
}

function wholeUnits(currency: Currency, minor: bigint | number): bigint {
  if (typeof minor === "bigint") return minor;
  if (typeof minor === "number" && Number.isSafeInteger(minor)) return BigInt(minor);
  const instead =
    typeof minor === "number" && Number.isInteger(minor)
      ? `it is beyond 2^53 - 1, up to which a number is exact; write a bigint`
      : `write whole minor units, as 150000n for ${currency.code} ${decimalOf(amountOf(currency, 150_000n))}, or use parseMoney`;
  throw new MoneyError("MONEY_AMOUNT", `the amount is ${shown(minor)}; ${instead}`);
}

function same(first: Money, other: Money): Money {
  if (first.currency === other.currency) return other;
  throw new MoneyError(
    "MONEY_CURRENCIES_DIFFER",
    `the currencies are ${first.currency} and ${other.currency}; convert one before`,
  );
}

function places(exponent: number): string {
  return exponent === 0 ? "no decimals" : exponent === 1 ? "1 decimal" : `${exponent} decimals`;
}

function example({ exponent }: Currency): string {
  return exponent === 0 ? "1500" : `1500.${"0".repeat(exponent)}`;
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
