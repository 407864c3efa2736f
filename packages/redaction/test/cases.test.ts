import { describe, expect, test } from "vitest";
import { createRedactor } from "../src/index.ts";
import testCases from "./cases.json" with { type: "json" };

interface Case {
  id: string;
  cat: string;
  key: string;
  value: unknown;
  secrets: string[] | null;
}

const cases = testCases as readonly Case[];
const redactor = createRedactor();

// JSON has no bigint and no bytes; the cases spell them as objects.
function valueOf({ value }: Case): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("bigint" in value) return BigInt(String(value.bigint));
  if ("base64" in value) return Uint8Array.from(Buffer.from(String(value.base64), "base64"));
  return value;
}

function written(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  return JSON.stringify(value) ?? "";
}

const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "");

const dirty = cases.filter((one) => one.secrets !== null);
const clean = cases.filter((one) => one.secrets === null);

describe("a value with secrets", () => {
  test.each(dirty)("$id $cat leaves none of them", (one) => {
    const out = written(redactor.value(one.key, valueOf(one)));
    const key = redactor.text(one.key);
    const survivors = (one.secrets ?? []).filter((secret) => {
      if (secret === "ATTRKEY") return /\d{13}/.test(key);
      if (secret === "SEQ" || secret === "BUF") return /4111111111111111/.test(letters(out));
      return out.includes(secret) || (secret.length > 4 && letters(out).includes(letters(secret)));
    });
    expect(survivors).toEqual([]);
  });

  test.each(dirty)("$id $cat is left alone the second time", (one) => {
    const once = redactor.value(one.key, valueOf(one));
    expect(redactor.value(one.key, once)).toBe(once);
  });
});

describe("a value without secrets", () => {
  test.each(clean)("$id $cat stays the identical value under the identical key", (one) => {
    const value = valueOf(one);
    expect(redactor.value(one.key, value)).toBe(value);
    expect(redactor.text(one.key)).toBe(one.key);
  });
});
