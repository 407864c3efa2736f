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
  if (report.testResults.length === 0) {
    return { passed: 0, failed: 1, sentences: ["no test was found."] };
  }
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  const sentences = broken.map(
    ({ name, message }) => `${name} did not run: ${(message ?? "").split("\n")[0]}`,
  );
  const skipped = allowSkipped ? 0 : report.numPendingTests + report.numTodoTests;
  if (skipped > 0) {
    sentences.push(`${skipped} tests were skipped, which counts as failed.`);
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length + skipped,
    sentences,
  };
}

/**
 * Adds up the reports of one run, by the name of each. `how` says how the run ended, "" when well: an error outside
 * of every test is in the exit code alone, so a run that failed by none of its reported tests is one failure more.
 */
export function addUp(reports, how) {
  const named = Object.entries(reports);
  const sentences = named.flatMap(([name, report]) =>
    report.sentences.map((sentence) => `${name}: ${sentence}`),
  );
  const passed = named.reduce((sum, [, report]) => sum + report.passed, 0);
  const failed = named.reduce((sum, [, report]) => sum + report.failed, 0);
  if (how === "" || failed > 0) {
    return { passed, failed, sentences };
  }
  const names = Object.keys(reports).join(", ");
  return {
    passed,
    failed: 1,
    sentences: [`${names}: no reported test failed, yet the run ${how}.`],
  };
}
