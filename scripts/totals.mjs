// Reads the JSON report that a vitest run leaves behind.

import { existsSync, readFileSync } from "node:fs";

/**
 * The passed and failed tests of one report, and a sentence for every failure that is not a test of its own:
 * a missing report, a file that did not load, a skipped test (we have none: a missing backend fails).
 */
export function readReport(path, { allowSkipped = false } = {}) {
  if (!existsSync(path)) {
    return { passed: 0, failed: 1, sentences: ["the test runner ended without a report."] };
  }
  const report = JSON.parse(readFileSync(path, "utf8"));
  const sentences = report.testResults
    .filter(
      ({ status, assertionResults }) =>
        status === "failed" && assertionResults.every((test) => test.status !== "failed"),
    )
    .map(({ name, message }) => `${name} did not run: ${(message ?? "").split("\n")[0]}`);
  const skipped = allowSkipped ? 0 : report.numPendingTests + report.numTodoTests;
  if (skipped > 0) {
    sentences.push(`${skipped} tests were skipped, which counts as failed.`);
  }
  const failed = report.numFailedTests + (sentences.length - (skipped > 0 ? 1 : 0)) + skipped;
  if (failed === 0 && report.success === false) {
    return {
      passed: report.numPassedTests,
      failed: 1,
      sentences: ["the run failed outside of any test."],
    };
  }
  return { passed: report.numPassedTests, failed, sentences };
}
