import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("in an application that installs our packages each OpenTelemetry package is there once", () => {
  const run = join(import.meta.dirname, "run.ts");
  const { status, stdout } = spawnSync(process.execPath, [run, "install-size"], {
    encoding: "utf8",
  });
  const rows = stdout
    .split("\n\n")[0]!
    .split("\n")
    .slice(1)
    .map((line) => {
      const [packages, mb, addedMb, copies] = line.slice(32).trim().split(/\s+/).map(Number);
      return { name: line.slice(0, 32).trim(), packages, mb, addedMb, copies };
    });
  expect(status).toBe(0);
  expect(rows.map(({ name }) => name)).toEqual([
    "the application alone",
    "with @assay/node",
    "with each package of Assay",
    "with upstream's register 0.82",
  ]);
  const [alone, node, all, upstream] = rows as Required<(typeof rows)[number]>[];
  expect([alone!.copies, node!.copies, all!.copies]).toEqual([1, 1, 1]);
  expect(alone!.addedMb).toBe(0);
  for (const { mb, addedMb } of [node!, all!, upstream!]) {
    expect(addedMb).toBeGreaterThan(0);
    // Each is printed rounded.
    expect(Math.abs(addedMb! - (mb! - alone!.mb!))).toBeLessThan(0.16);
  }
});
