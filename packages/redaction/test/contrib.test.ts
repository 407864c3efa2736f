import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { keys } from "../rules/keys.ts";
import { marks } from "../rules/marks.ts";
import { CONTRIB, contribText, formedRules, re2Of } from "../scripts/contrib.mts";
import { createRedactor } from "../src/index.ts";

// What collector/contrib.yaml has from the rules. JavaScript runs these forms as RE2 does, but that
// its \s is more than ASCII; test/pipeline/contrib-net.test.ts asks the Collector.

const forms = (await formedRules()).flatMap(({ name, re2, removes, keeps }) =>
  re2.map((form) => ({ rule: name, removes, keeps, ...form })),
);

test("the configuration of the upstream image has the forms that the rules have", async () => {
  const text = await readFile(CONTRIB, "utf8");
  expect(await contribText(text)).toBe(text);
});

test("a form that is changed in the file is written anew, and a file without markers is refused", async () => {
  const text = await readFile(CONTRIB, "utf8");
  expect(await contribText(text.replace("'%?B", "'%?C"))).toBe(text);
  await expect(contribText(text.replace("generated: patterns", "patterns"))).rejects.toThrow(
    'The markers of "patterns of the rules" are missing.',
  );
});

describe.each(forms)(
  "the form of $rule for RE2: $what",
  ({ pattern, finds, mistakes, ...rule }) => {
    test("finds what it is there for, which the rule removes", () => {
      expect(finds.length).toBeGreaterThan(0);
      expect(finds.filter((text) => rule.removes.includes(text) && pattern.test(text))).toEqual(
        finds,
      );
    });

    test("leaves alone what the rule keeps, but for the mistakes that are listed", () => {
      expect(rule.keeps.filter((text) => pattern.test(text))).toEqual(mistakes);
    });
  },
);

test("a form that RE2 cannot run, or the Collector would read as its own, is refused", () => {
  for (const pattern of [/(?<!a)b/, /(?<=a)b/, /a(?!b)/, /a(?=b)/, /(a)\1/, /a/u, /a${b}/])
    expect(() => re2Of(pattern)).toThrow(/RE2/);
});

test("a pattern is written as RE2 has it", () => {
  expect(re2Of(/^a\/[\u00a0\u202f]$/i)).toBe(String.raw`(?i)^a/[\x{a0}\x{202f}]\z`);
});

test("every key whose value contrib masks is one whose value the application redacts", () => {
  const endings = new Set(Object.values(keys.endings).flatMap((words) => words.split(" ")));
  const masked = keys.masked.split(" ").map((word) => word.replaceAll("-", ""));
  expect(masked.filter((word) => !endings.has(word))).toEqual([]);
});

test("no key may hold a card number, a telephone number, an address or a token", () => {
  const held = ["a.4111111111111111", "to 254712345678", "of j@ex.io", "t.eyJhbGciOiJIUzI1NiJ9abc"];
  const honest = ["http.request.header.x-request-id", "messaging.kafka.offset", "a.20261124"];
  expect([...held, ...honest].filter((key) => keys.within.test(key))).toEqual(held);
});

test("contrib takes no mark for a secret, neither the markers nor a card number that is masked", () => {
  const redactor = createRedactor();
  const values = ["4111111111111111", "password: Hunter2!", "jane.doe@example.co.ke"];
  const written = [
    ...values.map((value) => redactor.text(value).replace(/^password: /, "")),
    "411111******1111",
  ];
  expect(written.filter((text) => marks.whole.some((pattern) => pattern.test(text)))).toEqual(
    written,
  );
  expect(values.filter((text) => marks.whole.some((pattern) => pattern.test(text)))).toEqual([]);
});
