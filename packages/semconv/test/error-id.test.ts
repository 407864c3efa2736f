import { expect, test } from "vitest";
import { errorIdOf, sameError } from "../src/index.ts";

const HEX = /^[0-9a-f]{32}$/;
const unreadable = (): never => {
  throw new Error("read");
};

test.each([
  ["an error", new Error("declined")],
  ["a frozen error", Object.freeze(new Error("frozen"))],
  ["a function", () => {}],
  ["a proxy that lets nothing be read", new Proxy({}, { get: unreadable, set: unreadable })],
])("%s has one id, and is left as it is", (_what, error) => {
  const keys = Reflect.ownKeys(error);
  const id = errorIdOf(error);
  expect(id).toMatch(HEX);
  expect([errorIdOf(error), Reflect.ownKeys(error)]).toEqual([id, keys]);
});

test("what is no object has another id each time", () => {
  const ids = [null, null, "text", "text", undefined, 1].map((value) => errorIdOf(value));
  expect(new Set(ids).size).toBe(6);
});

test("two objects are the same error when someone says so", () => {
  const [error, readable] = [{}, new Error("readable")];
  sameError(error, readable);
  expect(errorIdOf(readable)).toBe(errorIdOf(error));
});
