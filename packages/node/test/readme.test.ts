import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { options } from "../src/config.ts";
import { SPOOL_DELAY_MS, SPOOLED_WITHIN_MS } from "../src/spool-schedule.ts";

test("the README's options table is what the code reads", () => {
  const readme = readFileSync(join(__dirname, "../../../README.md"), "utf8");
  // The formatter pads the cells of a table.
  const unpadded = readme.replaceAll(/ +\|/g, " |").replaceAll(/-{3,}/g, "---");
  const rows = options().map(
    ({ name, fallback, about }) => `| \`${name}\` | ${shown(fallback)} | ${about} |`,
  );
  const table = ["| variable | default | what it does |", "| --- | --- | --- |", ...rows].join(
    "\n",
  );
  expect(unpadded).toContain(table);
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

function shown(fallback: string): string {
  return fallback === "" || fallback === "Infinity" ? "none" : `\`${fallback}\``;
}
