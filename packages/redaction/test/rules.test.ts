import { describe, expect, test } from "vitest";
import { createRedactor } from "../src/index.ts";
import type { Sight } from "../src/rule.ts";
import { featuresOf } from "../src/rule.ts";
import { RULES } from "../src/text.ts";
import { viewOf } from "../src/view.ts";

function sightOf(text: string): Sight {
  // Stands in for the second look at a decoded text: any card, code or address in it counts.
  const decoded = (inner: string) => (/4111111111111111|@/.test(inner) ? "pci_chd" : undefined);
  return { view: viewOf(text), under: "", decoded };
}

describe.each(RULES)("the rule $name", (rule) => {
  test.each(rule.removes)("removes from %j", (text) => {
    expect(rule.find(sightOf(text))).not.toEqual([]);
    expect(rule.needs & featuresOf(viewOf(text).text)).not.toBe(0);
    expect(createRedactor().text(text)).not.toBe(text);
  });

  test.each(rule.keeps)("keeps %j", (text) => {
    expect(rule.find(sightOf(text))).toEqual([]);
  });
});
