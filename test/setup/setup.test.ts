import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
// @boundaries-ignore the set-up runs before any package is installed
import { ROOT } from "../../scripts/backends.mjs";
import { temporaryFolder } from "./temporary-folder.ts";

const GO = "#!/bin/sh\necho go version go1.99.0 linux/amd64\n";
const GO_OLD = "#!/bin/sh\necho go version go1.22.1 linux/amd64\n";
const PYTHON = `#!/bin/sh\necho '{"version": "3.11.0", "platform": "p", "home": "/", "able": true}'\n`;
const PYTHON_OLD = `#!/bin/sh\necho '{"version": "3.9.2", "platform": "p", "home": "/", "able": true}'\n`;
const PYTHON_BARE = `#!/bin/sh\necho '{"version": "3.12.0", "platform": "p", "home": "/", "able": false}'\n`;

test("a missing Go is one sentence that says how to get it, and the total that npm test ends with", async () => {
  using machine = machineWith({ python3: PYTHON });
  expect(await setUp("test", machine)).toEqual({
    code: 1,
    sentence:
      "Set-up stopped: Go 1.26 or newer is needed to build the backends and was not found: " +
      "install it from https://go.dev/dl/ or with your package manager, and put it on PATH",
    last: "0 passed, 1 failed",
  });
});

test("a Go older than a backend's go.mod is one sentence with both versions", async () => {
  using machine = machineWith({ go: GO_OLD, python3: PYTHON });
  expect((await setUp("backends", machine)).sentence).toBe(
    "Set-up stopped: Go 1.26 or newer is needed and this machine has 1.22.1: " +
      "install it from https://go.dev/dl/ or with your package manager, and put it on PATH",
  );
});

test("a missing Python is one sentence that says how to get it", async () => {
  using machine = machineWith({ go: GO });
  expect((await setUp("backends", machine)).sentence).toBe(
    "Set-up stopped: Python 3.11 or newer is needed to run bugsink and `python3` was not found or does not run: " +
      "install it from https://www.python.org/downloads/ or with your package manager, or name one in ASSAY_PYTHON",
  );
});

test("a Python that is too old is one sentence with its version", async () => {
  using machine = machineWith({ go: GO, python3: PYTHON_OLD });
  expect((await setUp("backends", machine)).sentence).toBe(
    "Set-up stopped: Python 3.11 or newer is needed to run bugsink and `python3` is 3.9.2: " +
      "install it from https://www.python.org/downloads/ or with your package manager, or name one in ASSAY_PYTHON",
  );
});

test("a Python without venv is one sentence that names the package", async () => {
  using machine = machineWith({ go: GO, python3: PYTHON_BARE });
  expect((await setUp("backends", machine)).sentence).toBe(
    "Set-up stopped: Python 3.11 or newer is needed to run bugsink with its venv module, " +
      "which `python3` lacks: on Debian and Ubuntu install python3-venv",
  );
});

test("a cache folder that cannot be written is one sentence that names it", async () => {
  using machine = machineWith({});
  const cache = join(machine.path, "file", "cache");
  writeFileSync(join(machine.path, "file"), "");
  expect((await setUp("start", machine, { ASSAY_CACHE_DIR: cache })).sentence).toBe(
    `Set-up stopped: The cache folder ${cache} is not writable (ENOTDIR): make it so, or name another in ASSAY_CACHE_DIR.`,
  );
});

test("a missing npm is one sentence that says how to get it", async () => {
  using machine = machineWith({});
  const root = checkoutNeeding(machine, "http://127.0.0.1:1");
  expect((await setUp("start", machine, {}, root)).sentence).toBe(
    "Set-up stopped: npm was not found: it comes with Node from https://nodejs.org, or install it with your package manager",
  );
});

test("packages that cannot be downloaded are one sentence about the network", async () => {
  using machine = machineWith({});
  addNpm(machine);
  const root = checkoutNeeding(machine, "http://127.0.0.1:1");
  const result = await setUp("start", machine, {}, root);
  expect(result.sentence).toBe(
    "Set-up stopped: The npm packages were not installed because a download failed: " +
      "check the network, or the registry and proxy settings of npm, Go (GOPROXY) and pip",
  );
});

test("a lock file that does not fit package.json is one sentence", async () => {
  using machine = machineWith({});
  addNpm(machine);
  const root = checkoutNeeding(machine, "http://127.0.0.1:1");
  mkdirSync(join(root, "other"));
  writeFileSync(
    join(root, "other", "package.json"),
    JSON.stringify({ name: "other", version: "1.0.0" }),
  );
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ name: "x", dependencies: { other: "file:other" } }),
  );
  expect((await setUp("start", machine, {}, root)).sentence).toBe(
    "Set-up stopped: The npm packages were not installed because package.json and package-lock.json " +
      "do not fit together: run `npm install` and commit the lock file",
  );
});

/** A folder `bin` with the given programs and the shell's, to be the whole PATH. */
function machineWith(programs: Record<string, string>): Disposable & { path: string } {
  const machine = temporaryFolder();
  const bin = join(machine.path, "bin");
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), script, { mode: 0o755 });
  }
  symlinkSync(process.execPath, join(bin, "node"));
  return machine;
}

/** Adds the npm of the real machine. */
function addNpm(machine: { path: string }): void {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const npm = folders.map((folder) => join(folder, "npm")).find((path) => existsSync(path));
  if (npm === undefined) {
    throw new Error("npm is not on PATH");
  }
  symlinkSync(npm, join(machine.path, "bin", "npm"));
}

/** A checkout with our scripts whose only dependency lies at `registry`. */
function checkoutNeeding(machine: { path: string }, registry: string): string {
  const root = join(machine.path, "checkout");
  cpSync(join(ROOT, "scripts"), join(root, "scripts"), { recursive: true });
  const dependencies = { absent: "1.0.0" };
  const absent = {
    version: "1.0.0",
    resolved: `${registry}/absent-1.0.0.tgz`,
    integrity: "sha512-AAAA",
  };
  const packages = { "": { name: "x", dependencies }, "node_modules/absent": absent };
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "x", dependencies }));
  writeFileSync(
    join(root, "package-lock.json"),
    JSON.stringify({ name: "x", lockfileVersion: 3, requires: true, packages }),
  );
  return root;
}

/** Runs the set-up to its end on that machine; the path of the log is checked and left out of the sentence. */
async function setUp(
  mode: string,
  machine: { path: string },
  environment: Record<string, string> = {},
  root: string = ROOT,
): Promise<{ code: number | null; sentence: string; last: string }> {
  const cache = join(machine.path, "cache");
  const child = spawn(process.execPath, [join(root, "scripts", "setup.mjs"), mode], {
    env: {
      PATH: join(machine.path, "bin"),
      HOME: machine.path,
      ASSAY_CACHE_DIR: cache,
      npm_config_cache: join(machine.path, "npm"),
      npm_config_fetch_retries: "0",
      npm_config_registry: "http://127.0.0.1:1",
      ...environment,
    },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const log = ` (full log: ${join(cache, "logs")}`;
  const end = errors.indexOf(log);
  const sentence = end === -1 ? errors.trim() : errors.slice(0, end);
  return { code, sentence, last: output.trim().split("\n").at(-1) ?? "" };
}
