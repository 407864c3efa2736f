import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { options } from "../src/config.ts";

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

function shown(fallback: string): string {
  return fallback === "" || fallback === "Infinity" ? "none" : `\`${fallback}\``;
}
