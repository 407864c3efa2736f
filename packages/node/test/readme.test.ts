import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withOptions } from "../scripts/options-table.mts";
import { options } from "../src/options.ts";

test("the README's options table is what the code reads; npm run generate writes it", () => {
  const readme = readFileSync(join(__dirname, "../../../README.md"), "utf8");
  expect(readme).toBe(withOptions(readme, options()));
});
