import { describe, expect, test } from "vitest";
import { createRedactor } from "../src/index.ts";
import { RULES } from "./traffic.ts";

const redactor = createRedactor();

// A rule that goes by the key of a value names one.
function left({ key }: { key?: string }, text: string): unknown {
  return key === undefined ? redactor.text(text) : redactor.value(key, text);
}

describe.each(RULES.filter((rule) => rule.removes.length > 0))("the rule $name", (rule) => {
  test.each(rule.removes)("removes from %j", (text) => {
    expect(left(rule, text)).not.toBe(text);
  });
});

describe.each(RULES.filter((rule) => rule.keeps.length > 0))("the rule $name", (rule) => {
  test.each(rule.keeps)("keeps %j", (text) => {
    expect(left(rule, text)).toBe(text);
  });
});
