import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as registry from "@assay/semconv";
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

test("its metrics and their attributes are named in the registry", async () => {
  const names = (await readFile(join(cwd, "counts.go"), "utf8")).match(/"finance\.[a-z.]+"/g) ?? [];
  const known = new Set<unknown>(Object.values(registry));
  expect(names).toHaveLength(7);
  expect(names.filter((name) => !known.has(JSON.parse(name)))).toEqual([]);
});
