import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/backends.mjs";

const cwd = join(ROOT, "collector/distribution/redaction");
const run = promisify(execFile);

test("the processor's own tests pass", async () => {
  const { stdout } = await run("go", ["test", "-mod=readonly", "./..."], { cwd });
  expect(stdout).toMatch(/^ok\s+assay\.invalid\/collector\/redaction\b/);
}, 300_000);

test("its source is formatted and vetted", async () => {
  expect(await run("gofmt", ["-l", "."], { cwd })).toEqual({ stdout: "", stderr: "" });
  expect((await run("go", ["vet", "-mod=readonly", "./..."], { cwd })).stdout).toBe("");
}, 300_000);
