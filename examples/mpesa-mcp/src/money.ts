import { decimalOf, money, type Money, MoneyError, parseMoney } from "@assay/semconv";

/** One Kenyan shilling. */
export const SHILLING: Money = parseMoney("KES", "1");

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
  const read = body.amount === undefined ? readMinor(body.amountMinor) : readDecimal(body.amount);
  if (read.minor <= 0n) throw new RangeError("The amount must be more than zero.");
  // Attributes and counters hold a double; past 2^53 - 1 they would round.
  if (read.minor > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError("The amount is larger than this service can count exactly.");
  }
  return read;
}

/**
 * The amount, if M-Pesa takes it.
 *
 * Throws a RangeError when there are cents: M-Pesa has none, and rounding would move money.
 */
export function wholeShillings(amount: Money): Money {
  const shillings = amount.minor / SHILLING.minor;
  if (amount.minor % SHILLING.minor === 0n) return amount;
  throw new RangeError(
    `M-Pesa takes whole shillings only: KES ${decimalOf(amount)} has cents; send KES ${shillings} or KES ${shillings + 1n}.`,
  );
}

function readDecimal(value: unknown): Money {
  if (typeof value === "number") {
    throw new RangeError('The amount is a JSON number; send it as a string, such as "1500.00".');
  }
  try {
    return parseMoney(SHILLING.currency, value as string);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    throw new RangeError(`${error.message.replace(/^t/, "T")}.`, { cause: error });
  }
}

function readMinor(value: unknown): Money {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError("amountMinor is not an integer of cents, such as 150000.");
  }
  return money(SHILLING.currency, value as number);
}
