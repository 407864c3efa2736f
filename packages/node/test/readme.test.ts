import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withOptions } from "../scripts/options-table.mts";
import { options } from "../src/options.ts";
import { SPOOL_DELAY_MS, SPOOLED_WITHIN_MS } from "../src/spool-schedule.ts";

test("the README's options table is what the code reads; npm run generate writes it", () => {
  const readme = readFileSync(join(__dirname, "../../../README.md"), "utf8");
  expect(readme).toBe(withOptions(readme, options()));
});

test("the README says how long before a SIGKILL a span must have finished, by the spool's schedule", () => {
  const readme = readFileSync(join(__dirname, "../../../README.md"), "utf8");
  const [, all, wait, work] =
    /finished (\d+) ms before a SIGKILL is replayed\. Those are (\d+) ms in which .*?(\d+) ms for/.exec(
      readme,
    ) ?? [];
  expect([all, wait, work].map(Number)).toEqual([
    SPOOLED_WITHIN_MS,
    SPOOL_DELAY_MS,
    SPOOLED_WITHIN_MS - SPOOL_DELAY_MS,
  ]);
});
