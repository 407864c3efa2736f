import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isBuildTool } from "../src/build-tool.ts";

function fileAt(path: string): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-build-tool-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  return file;
}

test.each([
  ["lib/node_modules/npm/bin/npm-cli.js", true],
  ["lib/node_modules/npm/bin/npx-cli.js", true],
  [".yarn/releases/yarn-4.9.2.cjs", true],
  ["corepack/v1/pnpm/10.2.0/bin/pnpm.cjs", true],
  ["node_modules/typescript/bin/tsc", true],
  ["node_modules/vite/bin/vite.js", true],
  ["server.js", false],
  ["npm.config.js", false],
  ["node_modules/next/dist/bin/next", false],
  ["node_modules/npm/node_modules/express/index.js", false],
])("%s: %s", (path, expected) => {
  expect(isBuildTool(fileAt(path))).toBe(expected);
});

test("a link as in node_modules/.bin is followed", () => {
  const file = fileAt("node_modules/typescript/bin/tsc");
  const link = join(dirname(file), "link");
  symlinkSync(file, link);
  expect(isBuildTool(link)).toBe(true);
});

test("a process without a file is none", () => {
  expect([isBuildTool(""), isBuildTool("/absent/app")]).toEqual([false, false]);
});
