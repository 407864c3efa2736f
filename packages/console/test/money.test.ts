import { expect, test } from "vitest";
import { formatMoney } from "../src/money.ts";

test("amounts are written from whole minor units with the currency's decimal places", () => {
  expect([
    formatMoney(150_000n, "KES"),
    formatMoney(5n, "KES"),
    formatMoney(0n, "KES"),
    formatMoney(-123_456_789n, "USD"),
    formatMoney(1_500n, "UGX"),
    formatMoney(1_234_567n, "KWD"),
    formatMoney(90_071_992_547_409_931n, "KES"),
    formatMoney(150_000n, "KES", 0),
    formatMoney(150_000n, "ABC", 1),
  ]).toEqual([
    "KES 1,500.00",
    "KES 0.05",
    "KES 0.00",
    "-USD 1,234,567.89",
    "UGX 1,500",
    "KWD 1,234.567",
    "KES 900,719,925,474,099.31",
    "KES 150,000",
    "ABC 15,000.0",
  ]);
});

test("what is not a currency or not an exponent stays in minor units", () => {
  expect([
    formatMoney(150_000n, ""),
    formatMoney(150_000n, "constructor"),
    formatMoney(150_000n, "ABC"),
    formatMoney(150_000n, "XAU"),
    formatMoney(150_000n, "KES", 1_000),
    formatMoney(150_000n, "KES", 1.5),
  ]).toEqual(Array(6).fill("150000 minor units"));
});
