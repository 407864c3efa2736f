import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";

// NODE_OPTIONS carries the preload into everything that starts an application, too.

const run = promisify(execFile);
const { resolve } = createRequire(import.meta.url);
const PRELOAD = resolve("@assay/node/register");

/** What each Node process of a command has loaded of ours, by the file that it was started with. */
async function loadedBy(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<Record<string, string[]>> {
  const tell = join(cwd, "tell.cjs");
  const told = join(cwd, "told.txt");
  await writeFile(told, "");
  await writeFile(
    tell,
    `const { appendFileSync } = require("node:fs");
    const { basename, dirname } = require("node:path");
    const of = Object.keys(require.cache).filter((file) => dirname(file) === ${JSON.stringify(join(PRELOAD, ".."))});
    appendFileSync(${JSON.stringify(told)}, JSON.stringify([basename(process.argv[1] ?? ""), of.map((file) => basename(file))]) + "\\n");`,
  );
  const options = `--require ${PRELOAD} --require ${tell}`;
  const none = {
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
  await run(command, args, { cwd, env: { ...process.env, ...none, NODE_OPTIONS: options } });
  const lines = (await readFile(told, "utf8")).trim().split("\n");
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, string[]]));
}
const FIRST = ["register.js"];
const ALL = ["register.js", "start.js", "core.js", "rolldown-runtime.js"];

test("npm start loads nothing but the first file in npm, and the preload in the application", async () => {
  await using folder = await temporaryFolder("npm");
  const manifest = { name: "shop", version: "1.0.0", scripts: { start: "node app.js" } };
  await writeFile(join(folder.path, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder.path, "app.js"), "");
  const loaded = await loadedBy("npm", ["start"], folder.path);
  expect(loaded).toEqual({ npm: FIRST, "app.js": ALL });
});

test("npx loads nothing but the first file", async () => {
  await using folder = await temporaryFolder("npx");
  const loaded = await loadedBy("npx", ["--version"], folder.path);
  expect(loaded).toEqual({ npx: FIRST });
});

test("a build tool of node_modules loads nothing but the first file", async () => {
  await using folder = await temporaryFolder("tsc");
  const tsc = join(resolve("typescript/package.json"), "../bin/tsc");
  const loaded = await loadedBy(process.execPath, [tsc, "--version"], folder.path);
  expect(loaded).toEqual({ tsc: FIRST });
});
