import { expect, test } from "vitest";
import { createRedactor } from "../src/index.ts";
import forms from "./forms.json" with { type: "json" };

const redactor = createRedactor();

function written(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

// More brands, separators, encodings, spellings of keys and ways to say a thing than the shared cases have.
test.each(forms.removes)("removes $secrets from $value under $key", ({ key, value, secrets }) => {
  const once = redactor.value(key, value);
  const out = written(once);
  expect(secrets.filter((secret) => out.includes(secret))).toEqual([]);
  expect(redactor.value(key, once)).toEqual(once);
});

test.each(forms.keeps)("keeps $value under $key", ({ key, value }) => {
  expect(redactor.value(key, value)).toBe(value);
  expect(redactor.text(key)).toBe(key);
});
