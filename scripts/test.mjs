// What `npm test` runs after the set-up: lint, types, unit tests, end-to-end tests, all of them even when an
// earlier one failed. The last line is the plain total over every runner: `N passed, N failed`.
// Arguments go to the end-to-end tests: `npm test -- preload`.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "./backends.mjs";
import { workspaceEnvironment } from "./install.mjs";
import { addUp, readReport } from "./totals.mjs";

const REPORT = join(".vitest", "report.json");
const filters = process.argv.slice(2);
const totals = { passed: 0, failed: 0, sentences: [] };

await check("lint", "oxlint", ["--deny-warnings"]);
await check("format", "oxfmt", ["--check"]);
await check("package boundaries", "turbo", [
  "boundaries",
  "--filter=./packages/*",
  "--filter=./examples/*",
]);
await check("types", "tsc", []);
await unitTests();
await endToEndTests();

console.log();
for (const sentence of totals.sentences) {
  console.log(sentence);
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
// Not process.exit: a pipe may still hold the last line.
process.exitCode = totals.failed === 0 ? 0 : 1;

async function check(title, program, args) {
  const how = await run(title, program, args, ROOT);
  if (how !== "") {
    fail(`${title}: \`${[program, ...args].join(" ")}\` ${how}.`);
  }
}

async function unitTests() {
  const folders = packagesWithTests();
  for (const folder of folders) {
    rmSync(join(folder, REPORT), { force: true });
  }
  const args = ["run", "test", "--continue", "--output-logs=new-only"];
  const how = await run("unit tests", "turbo", args, ROOT);
  count(folders, how);
}

async function endToEndTests() {
  const folder = join(ROOT, "test");
  rmSync(join(folder, REPORT), { force: true });
  const how = await run("end-to-end tests", "vitest", ["run", ...filters], folder);
  count([folder], how);
}

function count(folders, how) {
  const reports = folders.map((folder) => [
    relative(ROOT, folder),
    readReport(join(folder, REPORT), { allowSkipped: filters.length > 0 }),
  ]);
  const { passed, failed, sentences } = addUp(Object.fromEntries(reports), how);
  totals.passed += passed;
  totals.failed += failed;
  totals.sentences.push(...sentences);
}

function packagesWithTests() {
  return ["packages", "examples"].flatMap((group) =>
    readdirSync(join(ROOT, group))
      .map((name) => join(ROOT, group, name))
      .filter((folder) => {
        const manifest = join(folder, "package.json");
        return (
          existsSync(manifest) &&
          JSON.parse(readFileSync(manifest, "utf8")).scripts?.test !== undefined
        );
      }),
  );
}

function fail(sentence) {
  totals.failed += 1;
  totals.sentences.push(sentence);
}

/** Runs one of the workspace's programs on this terminal; resolves to "" or to how it ended. */
function run(title, program, args, cwd) {
  console.log(`\n=== ${title}`);
  const windows = process.platform === "win32";
  const command = join(ROOT, "node_modules", ".bin", windows ? `${program}.cmd` : program);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: workspaceEnvironment(),
      shell: windows,
      stdio: "inherit",
    });
    child.on("error", (error) => resolve(`does not run: ${error.message}`));
    child.on("close", (code, signal) => {
      if (code === 0) {
        resolve("");
      } else {
        resolve(signal === null ? `exited with ${code}` : `was ended by ${signal}`);
      }
    });
  });
}
