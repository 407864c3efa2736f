import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
// @boundaries-ignore the set-up runs before any package is installed
import { ROOT } from "../../scripts/backends.mjs";
// @boundaries-ignore the set-up runs before any package is installed
import { failure } from "../../scripts/failure.mjs";
// @boundaries-ignore the set-up runs before any package is installed
import { addUp, readReport } from "../../scripts/totals.mjs";
import { temporaryFolder } from "./temporary-folder.ts";

test("a real run counts its passed, failed and skipped tests, and the file that did not load", () => {
  using folder = temporaryFolder();
  const { report } = vitest(folder.path, {
    "a.test.js": `test("1", () => {}); test("2", () => {}); test("3", () => { throw new Error("no"); }); test.skip("4", () => {});`,
    "b.test.js": `throw new Error("broken");`,
  });
  expect(readReport(report)).toEqual({
    passed: 2,
    failed: 3,
    sentences: [
      expect.stringMatching(/b\.test\.js did not run: .*broken/),
      "1 tests were skipped, which counts as failed.",
    ],
  });
  expect(readReport(report, { allowSkipped: true }).failed).toBe(2);
});

test("a run fails by an error outside of every test", () => {
  using folder = temporaryFolder();
  const { report, code } = vitest(folder.path, {
    "a.test.js": `test("1", () => { Promise.reject(new Error("stray")); });`,
  });
  expect(addUp({ x: readReport(report) }, `exited with ${code}`)).toEqual({
    passed: 1,
    failed: 1,
    sentences: ["x: no reported test failed, yet the run exited with 1."],
  });
});

test("the reports of several packages add up, each sentence under its name", () => {
  const a = { passed: 2, failed: 1, sentences: ["one."] };
  const b = { passed: 3, failed: 0, sentences: [] };
  expect(addUp({ a, b }, "exited with 1")).toEqual({
    passed: 5,
    failed: 1,
    sentences: ["a: one."],
  });
});

test("a runner that ends without a report is one failure", () => {
  expect(readReport("/nowhere/report.json")).toEqual({
    passed: 0,
    failed: 1,
    sentences: ["the test runner ended without a report."],
  });
});

test("a run that finds no test is one failure", () => {
  using folder = temporaryFolder();
  expect(readReport(vitest(folder.path, {}).report)).toEqual({
    passed: 0,
    failed: 1,
    sentences: ["no test was found."],
  });
});

test("a full disk, a failed download and anything else each have their sentence", () => {
  const words = (tail: string): string =>
    failure("Jaeger did not build", tail, "`go build` exited with 1");
  expect(words("write /x: no space left on device")).toMatch(
    /^Jaeger did not build because the disk is full: /,
  );
  expect(words("dial tcp: lookup proxy: no such host")).toMatch(
    /because a download failed: check the network/,
  );
  expect(words("a.go:1: syntax error\nexit")).toBe(
    'Jaeger did not build: `go build` exited with 1, saying "a.go:1: syntax error"',
  );
});

/** Runs vitest on these files and returns the path of its report and its exit code. */
function vitest(
  root: string,
  files: Record<string, string>,
): { report: string; code: number | null } {
  mkdirSync(join(root, "t"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(root, "t", name), text);
  }
  const report = join(root, "report.json");
  const script = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const args = ["run", "--globals", "--root", root, "--reporter=json", `--outputFile=${report}`];
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { report, code: status };
}
