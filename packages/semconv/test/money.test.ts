import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { currencies, currencyOf, hasNoMinorUnit } from "../src/currencies.ts";
import {
  addMoney,
  allocateMoney,
  compareMoney,
  decimalOf,
  formatMoney,
  isZeroMoney,
  minorNumber,
  money,
  MoneyError,
  moneyFromJson,
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
    'the currency is "XAU", which has no minor unit in ISO 4217; write the currency it is paid in, such as "KES"',
  ],
  [() => money("HRK", 1n), "MONEY_CURRENCY", 'write "EUR"'],
  [() => money("BGN", 1n), "MONEY_CURRENCY", 'write "EUR"'],
  [() => money("ABC", 1n), "MONEY_CURRENCY", 'write a code such as "KES"'],
  [() => money("", 1n), "MONEY_CURRENCY", 'the currency is ""'],
  [() => money("toString", 1n), "MONEY_CURRENCY", 'the currency is "toString"'],
  [() => money(404 as never, 1n), "MONEY_CURRENCY", "the currency is 404"],
  [() => money(undefined as never, 1n), "MONEY_CURRENCY", "the currency is undefined"],
  [() => money("KES", null as never), "MONEY_AMOUNT", "the amount is null"],
  [() => money("KES", {} as never), "MONEY_AMOUNT", "the amount is an object"],
  [() => money("KES", true as never), "MONEY_AMOUNT", "the amount is true"],
  [() => parseMoney("KES", [] as never), "MONEY_AMOUNT", "the amount is an array"],
  [() => money("UGX", 1.5), "MONEY_AMOUNT", "as 150000n for UGX 150000"],
  [() => parseMoney("KES", "1500.00\n"), "MONEY_AMOUNT", 'the amount is "1500.00\\n"'],
  [() => parseMoney("KES", "+1"), "MONEY_AMOUNT", 'the amount is "+1"'],
  [() => parseMoney("KES", "1."), "MONEY_AMOUNT", 'the amount is "1."'],
  [() => parseMoney("KES", ".5"), "MONEY_AMOUNT", 'the amount is ".5"'],
  [() => parseMoney("KES", "١٥٠٠"), "MONEY_AMOUNT", "write digits"],
  [() => moneyFromJson({ currency: "KES", minor: 150_000, exponent: 2 }), "MONEY_JSON", "as text"],
  [() => moneyFromJson(null), "MONEY_JSON", "this is no amount in JSON"],
  [
    () => moneyFromJson({ currency: "KES", minor: "150000", exponent: 0 }),
    "MONEY_JSON",
    "the exponent is 0 and KES has 2; convert the amount and write 2",
  ],
  [() => allocateMoney(money("KES", 1n), [0, 0]), "MONEY_WEIGHTS", "the weights are [0, 0]"],
  [() => allocateMoney(money("KES", 1n), [0.5, 0.5]), "MONEY_WEIGHTS", "[0.5, 0.5]"],
  [() => allocateMoney(money("KES", 1n), [Number.NaN]), "MONEY_WEIGHTS", "[NaN]"],
  [
    () => compareMoney(money("KES", 1n), money("BAM", 1n)),
    "MONEY_CURRENCIES_DIFFER",
    "KES and BAM",
  ],
  [
    () => subtractMoney(money("JPY", 1n), money("KWD", 1n)),
    "MONEY_CURRENCIES_DIFFER",
    "the currencies are JPY and KWD",
  ],
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

test.each([0, 1, -1, 99, -100_000, 12_345_678])("%d minor units come back from every form", (n) => {
  for (const { code } of currencies()) {
    const amount = money(code, n);
    expect(parseMoney(code, decimalOf(amount))).toEqual(amount);
    expect(moneyFromJson(JSON.parse(JSON.stringify(amount)))).toEqual(amount);
    const [, sign, digits] = /^(-?)[A-Z]{3} ([\d,.]+)$/.exec(formatMoney(amount)) ?? [];
    expect(parseMoney(code, `${sign}${digits?.replaceAll(",", "")}`)).toEqual(amount);
    expect([isZeroMoney(amount), minorNumber(amount)]).toEqual([n === 0, n]);
  }
});

test("an amount is written to JSON with its minor units as text", () => {
  const huge = multiplyMoney(parseMoney("KES", "9007199254740993.07"), 10n);
  expect(JSON.stringify({ paid: huge })).toBe(
    '{"paid":{"currency":"KES","minor":"9007199254740993070","exponent":2}}',
  );
  expect({ ...huge }).toStrictEqual({
    currency: "KES",
    minor: 9_007_199_254_740_993_070n,
    exponent: 2,
  });
});

test("weights whose sum is beyond 2^53 lose nothing", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const amount = money("KES", 10n ** 30n + 1n);
  const parts = allocateMoney(amount, [most, most, 1n, 2n ** 70n, 0]);
  expect(addMoney(money("KES", 0n), ...parts)).toEqual(amount);
  expect(parts[4]?.minor).toBe(0n);
});

test("every code of an error is in the README", () => {
  const read = (file: string): string => readFileSync(join(__dirname, "..", file), "utf8");
  const codes = (text: string): string[] => [
    ...new Set(Array.from(text.matchAll(/["`](MONEY_[A-Z_]+)["`]/g), ([, code = ""]) => code)),
  ];
  expect(codes(read("README.md")).toSorted()).toEqual(codes(read("src/money.ts")).toSorted());
});

test("an amount cannot be changed", () => {
  expect(Object.isFrozen(money("KES", 1n))).toBe(true);
  expect(Object.isFrozen(addMoney(money("KES", 1n), money("KES", 1n)))).toBe(true);
});

test("every currency is as in ISO 4217's list one, published on 2026-01-01", () => {
  const published = readFileSync(join(__dirname, "iso-4217-list-one.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" "));
  const counted = published.filter(([, , exponent]) => exponent !== "N.A.");
  expect(currencies()).toEqual(
    counted.map(([code, numeric, exponent]) => ({ code, numeric, exponent: Number(exponent) })),
  );
  const uncounted = published.filter(([, , exponent]) => exponent === "N.A.");
  for (const [code = ""] of uncounted) {
    expect([code, hasNoMinorUnit(code), currencyOf(code)]).toEqual([code, true, undefined]);
  }
  expect([counted.length, uncounted.length]).toEqual([165, 13]);
});

test("a currency's record cannot be changed", () => {
  expect(currencies().every((currency) => Object.isFrozen(currency))).toBe(true);
});
