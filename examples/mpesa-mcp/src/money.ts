/** Money in integer minor units: `150_000n` with "KES" is KES 1,500.00 (ISO 4217). */
export interface Money {
  currency: "KES";
  minor: bigint;
}

/** Decimal places of the Kenyan shilling, from the ISO 4217 table. */
export const KES_EXPONENT = 2;

const MINOR_PER_SHILLING = 100n;
const DECIMAL = /^(0|[1-9]\d*)(?:\.(\d{1,2}))?$/;

/**
 * Reads the amount of a request body as Kenyan shillings.
 *
 * Takes `amount` as a decimal string ("1500.00") or `amountMinor` as an integer (150000), never both.
 * Throws a RangeError whose message is one sentence for the person who sent it.
 */
export function readAmount(body: { amount?: unknown; amountMinor?: unknown }): Money {
  if ((body.amount === undefined) === (body.amountMinor === undefined)) {
    throw new RangeError('Send either amount, such as "1500.00", or amountMinor, such as 150000.');
  }
  const minor = body.amount === undefined ? readMinor(body.amountMinor) : readDecimal(body.amount);
  if (minor <= 0n) throw new RangeError("The amount must be more than zero.");
  // Attributes and counters hold a double; past 2^53 - 1 they would round.
  if (minor > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError("The amount is larger than this service can count exactly.");
  }
  return { currency: "KES", minor };
}

/**
 * The amount as M-Pesa takes it, in whole shillings.
 *
 * Throws a RangeError when there are cents: M-Pesa has none, and rounding would move money.
 */
export function wholeShillings({ minor }: Money): bigint {
  if (minor % MINOR_PER_SHILLING !== 0n) {
    throw new RangeError(
      `M-Pesa takes whole shillings only: KES ${formatMinor(minor)} has cents; send KES ${minor / MINOR_PER_SHILLING} or KES ${minor / MINOR_PER_SHILLING + 1n}.`,
    );
  }
  return minor / MINOR_PER_SHILLING;
}

function readDecimal(value: unknown): bigint {
  if (typeof value === "number") {
    throw new RangeError('The amount is a JSON number; send it as a string, such as "1500.00".');
  }
  const [, whole, fraction = ""] = (typeof value === "string" ? DECIMAL.exec(value) : null) ?? [];
  if (whole === undefined) {
    throw new RangeError('The amount is not a decimal with at most two places, such as "1500.00".');
  }
  return BigInt(whole) * MINOR_PER_SHILLING + BigInt(fraction.padEnd(KES_EXPONENT, "0"));
}

function readMinor(value: unknown): bigint {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError("amountMinor is not an integer of cents, such as 150000.");
  }
  return BigInt(value as number);
}

function formatMinor(minor: bigint): string {
  return `${minor / MINOR_PER_SHILLING}.${String(minor % MINOR_PER_SHILLING).padStart(KES_EXPONENT, "0")}`;
}
