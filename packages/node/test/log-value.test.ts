import { expect, test } from "vitest";
import { logValue } from "../src/log-value.ts";

test("every kind of value has a form that a log record can hold", () => {
  const circular: Record<string, unknown> = { a: 1 };
  circular["self"] = circular;
  const error = new RangeError("too much", { cause: "a float" });
  const copied = logValue({
    text: "t",
    none: null,
    absent: undefined,
    function: () => 1,
    big: 9007199254740993n,
    symbol: Symbol("s"),
    notANumber: Number.NaN,
    date: new Date(0),
    bytes: Buffer.from("secret"),
    map: new Map([["k", new Set([1, [2]])]]),
    json: { toJSON: () => "as JSON" },
    broken: {
      toJSON() {
        throw new Error("no");
      },
    },
    circular,
    error,
  });
  expect(copied).toEqual({
    text: "t",
    none: null,
    big: "9007199254740993",
    symbol: "Symbol(s)",
    notANumber: "NaN",
    date: "1970-01-01T00:00:00.000Z",
    bytes: "[6 bytes]",
    map: { k: [1, [2]] },
    json: "as JSON",
    broken: "[unreadable]",
    circular: { a: 1, self: "[Circular]" },
    error: { type: "RangeError", message: "too much", stack: error.stack, cause: "a float" },
  });
});

test("what is deep or large is cut", () => {
  let deep: unknown = "end";
  for (let depth = 0; depth < 20; depth += 1) deep = { deep };
  expect(JSON.stringify(logValue(deep))).toBe(`${'{"deep":'.repeat(8)}"[Object]"${"}".repeat(8)}`);
  const many = logValue(Array.from({ length: 10_000 }, (_, at) => at)) as unknown[];
  expect(many).toEqual(Array.from({ length: 512 }, (_, at) => at));
});

test("the same object twice is no circle", () => {
  const same = { a: 1 };
  expect(logValue([same, same])).toEqual([same, same]);
});
