import { expect, test } from "vitest";
import { createRedactor, type Finding } from "../src/index.ts";
import { generator, KEYS, textOf } from "./traffic.ts";

test("a batch of clean values is left as it is", () => {
  const entries = [
    ["http.request.method", "GET"],
    ["note", { a: [1, "x"] }],
    ["count", 3],
  ] as const;
  expect(createRedactor().batch(entries)).toBeUndefined();
});

test("a batch gives each value as it comes out alone, with the same findings", () => {
  const random = generator(7);
  const alone: Finding[] = [];
  const together: Finding[] = [];
  const one = createRedactor({ onFinding: (finding) => alone.push(finding) });
  const many = createRedactor({ onFinding: (finding) => together.push(finding) });
  for (let round = 0; round < 60; round++) {
    const entries = Array.from({ length: 100 }, () => {
      const text = textOf(random);
      const key = KEYS[random(KEYS.length)] ?? "";
      return [key, random(10) === 0 ? { text, at: [text.length] } : text] as const;
    });
    const values = entries.map(([, value]) => value);
    expect(many.batch(entries) ?? values).toEqual(
      entries.map(([key, value]) => one.value(key, value)),
    );
  }
  const names = (findings: Finding[]): string[] =>
    findings.map((finding) => JSON.stringify(finding)).toSorted();
  expect(names(together)).toEqual(names(alone));
});

test("a key of any length stands beside others in a batch", () => {
  const entries = [
    ["a", "j@ex.io"],
    [`${"k".repeat(300)}.password`, "hunter2!"],
    ["b", "k@ex.io"],
  ] as const;
  expect(createRedactor().batch(entries)).toEqual(["[email]", "[credential]", "[email]"]);
});

test("a batch of more keys than the engine remembers comes out whole", () => {
  const entries = Array.from({ length: 10_000 }, (_, at) => [`key.${at}`, "j@ex.io"] as const);
  expect(createRedactor().batch(entries)).toEqual(entries.map(() => "[email]"));
});

test("a batch of more bytes than are written at once comes out whole", () => {
  const text = `${"a ".repeat(30_000)}j@ex.io`;
  const entries = Array.from({ length: 120 }, () => ["note", text] as const);
  const clean = text.replace("j@ex.io", "[email]");
  expect(createRedactor().batch(entries)).toEqual(entries.map(() => clean));
});

test("values are shortened after redaction", () => {
  const { batch } = createRedactor({ truncateAt: 3 });
  expect(
    batch([
      ["a", "four"],
      ["b", "two"],
      ["cvv", "123"],
    ]),
  ).toEqual(["fou", "two", undefined]);
});
