import { describe, expect, test } from "vitest";
import { createRedactor } from "../src/index.ts";
import { RULES } from "./traffic.ts";

const redactor = createRedactor();

describe.each(RULES.filter((rule) => rule.removes.length > 0))("the rule $name", (rule) => {
  test.each(rule.removes)("removes from %j", (text) => {
    expect(redactor.text(text)).not.toBe(text);
  });
});

describe.each(RULES.filter((rule) => rule.keeps.length > 0))("the rule $name", (rule) => {
  test.each(rule.keeps)("keeps %j", (text) => {
    expect(redactor.text(text)).toBe(text);
  });
});
