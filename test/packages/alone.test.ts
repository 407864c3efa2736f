import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Installs the packed @assay/node into `folder` with what its manifest depends on, and nothing else. */
async function install(folder: string): Promise<string[]> {
  const pack = ["pack", "--silent", "--pack-destination", folder];
  execFileSync("npm", pack, { cwd: join(ROOT, "packages/node"), stdio: "ignore" });
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz")) ?? "";
  execFileSync("tar", ["-xzf", tarball], { cwd: folder });
  const manifest = await readFile(join(folder, "package/package.json"), "utf8");
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "@assay"), { recursive: true });
  await rename(join(folder, "package"), join(modules, "@assay/node"));
  for (const name of Object.keys(dependencies)) {
    await symlink(join(ROOT, "node_modules", name), join(modules, name));
  }
  return Object.keys(dependencies);
}

const SERVE = `
  const server = createServer((_request, response) => response.end("ok"));
  server.listen(0, "127.0.0.1", () => {
    get({ port: server.address().port, host: "127.0.0.1", agent: false }, (response) => {
      response.resume().on("end", () => server.close());
    });
  });`;

test.each([
  ["app.cjs", `const { createServer, get } = require("http"); ${SERVE}`],
  ["app.mjs", `import { createServer, get } from "http"; ${SERVE}`],
  [
    "exit.cjs",
    `const { createServer, get } = require("http"); ${SERVE.replace("server.close()", "setImmediate(process.exit)")}`,
  ],
])("the packed preload needs nothing but import-in-the-middle: %s", async (name, code) => {
  await using folder = await temporaryFolder("alone");
  await using receiver = await startOtlpReceiver();
  expect(await install(folder.path)).toEqual(["import-in-the-middle"]);
  await writeFile(join(folder.path, name), code);
  await using application = await spawnService({
    name,
    command: process.execPath,
    args: ["--require", "@assay/node/register", name],
    cwd: folder.path,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  const exit = await application.exited;
  const kinds = receiver.spans().map(({ kind }) => kind);
  expect({ ...exit, output: application.output(), kinds: kinds.toSorted() }).toEqual({
    code: 0,
    signal: null,
    output: "",
    kinds: [2, 3],
  });
});

test("each file of the packed preload loads with nothing but import-in-the-middle", async () => {
  await using folder = await temporaryFolder("alone");
  await install(folder.path);
  const dist = join(folder.path, "node_modules/@assay/node/dist");
  // What runs by itself: in a thread of its own, as a command, as the doctor's patient.
  const programs = new Set(["exit-worker.js", "doctor-cli.js", "doctor-canary-app.js"]);
  const files = (await readdir(dist)).filter((name) => name.endsWith(".js") && !programs.has(name));
  expect(files.length).toBeGreaterThan(45);
  const code = `for (const file of ${JSON.stringify(files)}) require(${JSON.stringify(`${dist}/`)} + file);`;
  const env = { ...process.env, OTEL_SDK_DISABLED: "true" };
  expect(execFileSync(process.execPath, ["--eval", code], { encoding: "utf8", env })).toBe("");
});

test.each([
  ["start.js", /^ASSAY_START: telemetry could not be loaded, the application goes on: /],
  ["telemetry.js", /^ASSAY_START: telemetry is off, the application goes on: /],
  ["requests.js", /^ASSAY_OTEL: error the instrumentation http could not be loaded /],
])("without %s the application runs, and one sentence says what is missing", async (file, told) => {
  await using folder = await temporaryFolder("alone");
  await install(folder.path);
  await rm(join(folder.path, "node_modules/@assay/node/dist", file));
  await writeFile(
    join(folder.path, "app.cjs"),
    `const { createServer, get } = require("http"); ${SERVE}`,
  );
  await using application = await spawnService({
    name: file,
    command: process.execPath,
    args: ["--require", "@assay/node/register", "app.cjs"],
    cwd: folder.path,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" },
  });
  const { code } = await application.exited;
  const sentences = application.output().match(/^ASSAY_.*$/gm);
  expect({ code, sentences }).toEqual({ code: 0, sentences: [expect.stringMatching(told)] });
});
