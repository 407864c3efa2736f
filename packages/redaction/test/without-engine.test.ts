import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { fileURLToPath } from "node:url";

// What `node --jitless` does: there is no WebAssembly in it.
test("without WebAssembly only what the registry knows as public or internal passes, and it is said once", () => {
  const script = `
    const { createRedactor } = require(${JSON.stringify(fileURLToPath(new URL("../dist/index.js", import.meta.url)))});
    const found = [];
    const { value, text, batch } = createRedactor({ onFinding: ({ detector }) => found.push(detector) });
    console.log(JSON.stringify([
      value("http.request.method", "GET"), value("note", "ok"), value("n", 3), text("ok"),
      batch([["http.request.method", "GET"], ["note", "ok"]]), found,
    ]));`;
  const { stdout } = spawnSync(process.execPath, ["--jitless", "-e", script], { encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual([
    "GET",
    "[removed]",
    "[removed]",
    "[removed]",
    ["GET", "[removed]"],
    ["engine-error"],
  ]);
});
