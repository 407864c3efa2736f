import { expect, test } from "vitest";
import { severityOfName, severityOfNumber } from "../src/log-severity.ts";

test("the levels of pino and bunyan are those of OpenTelemetry, and others lie between", () => {
  const levels = [0, 10, 15, 20, 30, 35, 40, 50, 60, 65, 1_000];
  expect(levels.map(severityOfNumber)).toEqual([1, 1, 3, 5, 9, 11, 13, 17, 21, 23, 24]);
});

test("a number that is none is information", () => {
  expect(severityOfNumber(Number.NaN)).toBe(9);
});

test("the levels of npm fall from error to silly", () => {
  const names = ["error", "warn", "info", "http", "verbose", "debug", "silly"];
  expect(names.map((name) => severityOfName(name))).toEqual([17, 13, 9, 7, 6, 5, 1]);
});

test("a level of the application's own has its place among its levels", () => {
  const levels = { loud: 0, middle: 1, quiet: 2 };
  expect(Object.keys(levels).map((name) => severityOfName(name, levels))).toEqual([17, 9, 1]);
});
