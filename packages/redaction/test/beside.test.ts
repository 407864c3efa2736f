import { expect, test } from "vitest";
import { createRedactor } from "../src/index.ts";

const redactor = createRedactor();

test("a value goes by the name beside it, in whatever order they stand", () => {
  expect(
    redactor.value("errors", [
      { type: "field", value: "4821", msg: "Invalid value", path: "pin", location: "body" },
      { value: "987", name: "cvv" },
      { name: "PORT", value: "8080" },
      { keyword: "pattern", path: ["card", "cvv"], received: 987 },
    ]),
  ).toEqual([
    { type: "field", msg: "Invalid value", path: "pin", location: "body" },
    { name: "cvv" },
    { name: "PORT", value: "8080" },
    { keyword: "pattern", path: ["card", "cvv"] },
  ]);
});

test("in a list of names and values by turns a value goes by the name before it", () => {
  const headers = ["Host", "pay.example", "X-Api-Key", "b7d0c6e29f1a4d33", "X-Request-Id", "8cf3"];
  expect(redactor.value("rawHeaders", headers)).toEqual(
    headers.map((one) => (one === "b7d0c6e29f1a4d33" ? "[credential]" : one)),
  );
  const names = ["password", "username"];
  expect(redactor.value("required", names)).toBe(names);
});

test("a card number in parts of a list goes, and lists of other numbers stay", () => {
  expect(redactor.value("groups", ["4111", "1111", "1111", "1111"])).toBeUndefined();
  expect(redactor.value("groups", [4111, 1111, 1111, 1111])).toBeUndefined();
  const clean = ["4111", "1111", "1111", "1112"];
  expect(redactor.value("groups", clean)).toBe(clean);
  const years = [2023, 2024, 2025, 2026];
  expect(redactor.value("years", years)).toBe(years);
});

test("the code beside a card number is the card's, and any other code stays", () => {
  expect(redactor.value("body", { card: "4111111111111111", code: "123" })).toEqual({
    card: "411111******1111",
  });
  const answer = { card: "visa", code: "051" };
  expect(redactor.value("body", answer)).toBe(answer);
});
