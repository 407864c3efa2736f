import { expect, test } from "vitest";
import { currencies, currencyOf } from "../src/currencies.ts";
import {
  addMoney,
  allocateMoney,
  compareMoney,
  decimalOf,
  formatMoney,
  minorNumber,
  money,
  MoneyError,
  multiplyMoney,
  negateMoney,
  parseMoney,
  subtractMoney,
} from "../src/money.ts";

test.each([
  ["KES", "1500.00", 150_000n, "KES 1,500.00"],
  ["KES", "1500", 150_000n, "KES 1,500.00"],
  ["KES", "0.05", 5n, "KES 0.05"],
  ["UGX", "1500", 1_500n, "UGX 1,500"],
  ["JOD", "1.5", 1_500n, "JOD 1.500"],
  ["CLF", "0.0001", 1n, "CLF 0.0001"],
  ["BAM", "-1234567.89", -123_456_789n, "-BAM 1,234,567.89"],
  ["JPY", "999", 999n, "JPY 999"],
  [
    "USD",
    "123456789012345678901234567890.12",
    12345678901234567890123456789012n,
    "USD 123,456,789,012,345,678,901,234,567,890.12",
  ],
])("%s %s is %s minor units and reads %s", (currency, text, minor, people) => {
  const amount = parseMoney(currency, text);
  expect(amount.minor).toBe(minor);
  expect(formatMoney(amount)).toBe(people);
  expect(parseMoney(currency, decimalOf(amount))).toEqual(amount);
});

test.each([
  [
    () => money("KES", 0.1),
    "MONEY_AMOUNT",
    "the amount is 0.1; write whole minor units, as 150000n for KES 1500.00, or use parseMoney",
  ],
  [() => money("KES", Number.NaN), "MONEY_AMOUNT", "the amount is NaN; write whole minor units"],
  [() => money("KES", Infinity), "MONEY_AMOUNT", "the amount is Infinity; write whole minor units"],
  [
    () => money("KES", 2 ** 53),
    "MONEY_AMOUNT",
    "the amount is 9007199254740992; it is beyond 2^53 - 1",
  ],
  [
    () => money("KES", "150000" as never),
    "MONEY_AMOUNT",
    'the amount is "150000"; write whole minor units',
  ],
  [
    () => money("KM", 1n),
    "MONEY_CURRENCY",
    'the currency is "KM", which ISO 4217 does not have; write "BAM"',
  ],
  [
    () => money("kes", 1n),
    "MONEY_CURRENCY",
    'the currency is "kes", which ISO 4217 does not have; write "KES"',
  ],
  [
    () => money("XAU", 1n),
    "MONEY_CURRENCY",
    'the currency is "XAU", which ISO 4217 does not have; write a code such as "KES"',
  ],
  [() => money("HRK", 1n), "MONEY_CURRENCY", 'write "EUR"'],
  [
    () => parseMoney("KES", "1500.001"),
    "MONEY_DECIMALS",
    'the amount is "1500.001" and KES has 2 decimals; write "1500.00", or round before',
  ],
  [() => parseMoney("UGX", "1500.0"), "MONEY_DECIMALS", "UGX has no decimals"],
  [
    () => parseMoney("KES", "1,500.00"),
    "MONEY_AMOUNT",
    'the amount is "1,500.00"; write digits with a point before the decimals, as "1500.00"',
  ],
  [() => parseMoney("KES", "1e3"), "MONEY_AMOUNT", 'the amount is "1e3"'],
  [() => parseMoney("KES", ""), "MONEY_AMOUNT", 'the amount is ""'],
  [() => parseMoney("KES", " 15"), "MONEY_AMOUNT", 'the amount is " 15"'],
  [() => parseMoney("KES", 1500 as never), "MONEY_AMOUNT", "the amount is 1500"],
  [
    () => addMoney(money("KES", 1n), money("UGX", 1n)),
    "MONEY_CURRENCIES_DIFFER",
    "the currencies are KES and UGX; convert one before",
  ],
  [
    () => multiplyMoney(money("KES", 1n), 1.5),
    "MONEY_AMOUNT",
    "the multiplier is 1.5; use a whole number, and allocateMoney for shares",
  ],
  [() => allocateMoney(money("KES", 1n), []), "MONEY_WEIGHTS", "the weights are []"],
  [() => allocateMoney(money("KES", 1n), [1, -1]), "MONEY_WEIGHTS", "the weights are [1, -1]"],
  [
    () => minorNumber(money("KES", 2n ** 53n)),
    "MONEY_TOO_LARGE",
    "KES 9007199254740992 in minor units is beyond 2^53 - 1",
  ],
])("%s is refused as %s in one sentence", (work, code, sentence) => {
  const refused = expect.objectContaining({ code, message: expect.stringContaining(sentence) });
  expect(work).toThrow(MoneyError);
  expect(caught(work)).toEqual(refused);
});

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test("a million times 0.1 and 0.2 is exact", () => {
  const sum = addMoney(parseMoney("KES", "0.10"), parseMoney("KES", "0.20"));
  expect(formatMoney(multiplyMoney(sum, 1_000_000))).toBe("KES 300,000.00");
});

// A generator with a seed, so that a failure can be repeated.
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
}

test("parts of an amount add up to it, and no part differs from its share by a minor unit or more", () => {
  const next = random(20_261_124);
  for (let round = 0; round < 2_000; round += 1) {
    const amount = money("KES", BigInt(next(1_000_000)) - 500_000n);
    const weights = Array.from({ length: 1 + next(6) }, () => next(5));
    if (weights.every((weight) => weight === 0)) continue;
    const parts = allocateMoney(amount, weights);
    const total = weights.reduce((a, b) => a + b);
    expect(addMoney(money("KES", 0n), ...parts)).toEqual(amount);
    for (const [index, part] of parts.entries()) {
      const share = (Number(amount.minor) * weights[index]!) / total;
      expect(Math.abs(Number(part.minor) - share)).toBeLessThan(1);
    }
  }
});

test("subtraction undoes addition, negation turns the order around", () => {
  const next = random(4_217);
  for (let round = 0; round < 500; round += 1) {
    const one = money("EUR", BigInt(next(10_000)) - 5_000n);
    const two = money("EUR", BigInt(next(10_000)) - 5_000n);
    expect(subtractMoney(addMoney(one, two), two)).toEqual(one);
    expect(Math.sign(compareMoney(one, two))).toBe(
      Math.sign(compareMoney(negateMoney(two), negateMoney(one))),
    );
  }
});

test("an amount cannot be changed", () => {
  expect(Object.isFrozen(money("KES", 1n))).toBe(true);
  expect(Object.isFrozen(addMoney(money("KES", 1n), money("KES", 1n)))).toBe(true);
});

test("codes and numbers of currencies are each there once, and exponents are those of the standard", () => {
  const all = currencies();
  expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
  expect(new Set(all.map(({ numeric }) => numeric)).size).toBe(all.length);
  for (const { code, numeric } of all) {
    expect(code).toMatch(/^[A-Z]{3}$/);
    expect(numeric).toMatch(/^\d{3}$/);
  }
  const exponents = Object.fromEntries(
    ["KES", "UGX", "JPY", "RWF", "XOF", "JOD", "KWD", "TND", "CLF", "UYW", "ZAR", "ZWG"].map(
      (code) => [code, currencyOf(code)?.exponent],
    ),
  );
  expect(exponents).toEqual({
    KES: 2,
    UGX: 0,
    JPY: 0,
    RWF: 0,
    XOF: 0,
    JOD: 3,
    KWD: 3,
    TND: 3,
    CLF: 4,
    UYW: 4,
    ZAR: 2,
    ZWG: 2,
  });
});
