import { money } from "@assay/semconv";
import { expect, test } from "vitest";
import { readAmount, wholeShillings } from "../../examples/mpesa-mcp/src/money.ts";

test.each([
  [{ amount: "1500.00" }, 150_000n],
  [{ amount: "1500.5" }, 150_050n],
  [{ amount: "0.01" }, 1n],
  [{ amountMinor: 150_000 }, 150_000n],
  // A double would make 9007199254740.91 of it and lose the cent somewhere on the way.
  [{ amount: "90071992547409.91" }, 9_007_199_254_740_991n],
])("reads %j as minor units without a float", (body, minor) => {
  expect(readAmount(body)).toEqual(money("KES", minor));
});

test.each([
  [{}, /^Send either amount/],
  [{ amount: "1", amountMinor: 100 }, /^Send either amount/],
  [{ amount: 1500 }, /^The amount is a JSON number; send it as a string/],
  [{ amount: "1500.001" }, /^The amount is "1500.001" and KES has 2 decimals; write .*\.$/],
  [{ amount: "1e3" }, /^The amount is "1e3"; write digits with a point/],
  [{ amount: " 1" }, /^The amount is " 1"; write digits/],
  [{ amount: "-1" }, /^The amount must be more than zero/],
  [{ amount: ["1500.00"] }, /^The amount is an array; write digits/],
  [{ amount: "0.00" }, /^The amount must be more than zero/],
  [{ amountMinor: 1.5 }, /^amountMinor is not an integer/],
  [{ amountMinor: -5 }, /^The amount must be more than zero/],
  [{ amount: "90071992547409.92" }, /^The amount is larger than/],
])("refuses %j in one sentence", (body, sentence) => {
  expect(() => readAmount(body)).toThrow(sentence);
});

test("M-Pesa gets whole shillings, and cents are refused, not rounded", () => {
  expect(wholeShillings(money("KES", 150_000n))).toEqual(money("KES", 150_000n));
  expect(() => wholeShillings(money("KES", 150_050n))).toThrow(
    "M-Pesa takes whole shillings only: KES 1500.50 has cents; send KES 1500 or KES 1501.",
  );
});
