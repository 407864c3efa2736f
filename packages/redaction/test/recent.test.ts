import { expect, test } from "vitest";
import { createRecent, createRecents } from "../src/recent.ts";

test("a clean value is known again under its key alone", () => {
  const recents = createRecents();
  const [one, other] = [createRecent(), createRecent()];
  recents.add(one, "GET");
  recents.add(one, "/v1/payments/{id}/status");
  expect(recents.has(one, "GET")).toBe(true);
  expect(recents.has(one, "/v1/payments/{id}/status")).toBe(true);
  expect(recents.has(other, "GET")).toBe(false);
});

test("a long value is not remembered", () => {
  const recents = createRecents();
  const one = createRecent();
  const text = "x".repeat(65);
  recents.add(one, text);
  expect(recents.has(one, text)).toBe(false);
});

test("a key whose values are new each time is left alone, and looked at again later", () => {
  const recents = createRecents();
  const one = createRecent();
  const ask = (text: string): boolean => recents.has(one, text) || (recents.add(one, text), false);
  for (let index = 0; index < 256; index++) ask(`order ${index}`);
  expect(one.known.size).toBe(0);
  expect([ask("open"), ask("open")]).toEqual([false, false]);
  for (let index = 0; index < 64 * 256; index++) ask("open");
  expect(ask("open")).toBe(true);
});

test("what all keys remember is bounded", () => {
  const recents = createRecents();
  const all = Array.from({ length: 1000 }, createRecent);
  for (let index = 0; index < 60; index++) for (const one of all) recents.add(one, `v${index}`);
  const size = all.reduce((sum, one) => sum + one.known.size, 0);
  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThanOrEqual(8192);
});
