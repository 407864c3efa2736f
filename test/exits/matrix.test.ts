import { expect, test } from "vitest";
import { ENDINGS, runCell, SYSTEMS } from "./matrix.ts";

// What `npm run exits` prints as a table.
test.each(ENDINGS)(
  "$name: exit code, signal, stderr and listeners are plain Node's, and nothing is lost",
  async (ending) => {
    const cells = await Promise.all(SYSTEMS.map((system) => runCell(system, ending)));
    for (const { plain, assay, expected, lost, twice } of cells) {
      expect(assay).toEqual(plain);
      expect(expected.length).toBeGreaterThan(20);
      expect({ lost, twice }).toEqual({ lost: [], twice: [] });
    }
  },
);

test.each([
  ["normal", { "main open": "process_exit" }],
  ["exit", { "main open": "process_exit" }],
  ["SIGTERM", { "main open": "signal" }],
  ["throw", { "main open": "uncaught_exception, ERROR" }],
  ["reject", { "main open": "unhandled_rejection, ERROR" }],
  // The process ends over what the main thread threw; the worker's span had no part in it.
  [
    "thread: main throws",
    { "main open": "uncaught_exception, ERROR", "worker open": "process_exit" },
  ],
  [
    "thread: worker throws",
    { "main open": "process_exit", "worker open": "uncaught_exception, ERROR" },
  ],
])("a span that is open at the end (%s) says what ended it", async (name, endedBy) => {
  const ending = ENDINGS.find((each) => each.name === name)!;
  const cell = await runCell("cjs", ending);
  expect(cell.endedBy).toEqual(endedBy);
});
