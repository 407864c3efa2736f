// Makes a fresh clone ready: `node scripts/setup.mjs start` installs and builds; `test` and `backends` also
// build the real backends. Runs before anything is installed: built-in modules only, Node 20 syntax.

import { appendFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BACKENDS, cacheFolder, ROOT } from "./backends.mjs";
import { ensureBackend } from "./build.mjs";
import { buildPackages, ensurePackages } from "./install.mjs";
import { withLock } from "./lock.mjs";
import { runStep } from "./step.mjs";
import { goVersion, isOlder, Missing, pythonVersion } from "./toolchain.mjs";

const NODE_MINIMUM = "20";
const LOGS_KEPT = 20;
const MODES = ["start", "test", "backends"];

const mode = process.argv[2];
if (!MODES.includes(mode)) {
  console.error(`Usage: node scripts/setup.mjs ${MODES.join("|")}`);
  process.exit(2);
}

let log;
try {
  checkNode();
  log = openLog();
  await setUp(mode === "start" ? [] : Object.keys(BACKENDS));
} catch (error) {
  process.exitCode = 1;
  report(error);
  if (mode === "test") {
    // `npm test` ends here; its last line is the total whatever happens.
    console.log("0 passed, 1 failed");
  }
}

async function setUp(backends) {
  // What the user has to provide is asked for first, not after minutes of work.
  if (backends.length > 0) {
    await runStep("Go and Python", checkToolchains, { log });
  }
  // Two set-ups in one checkout would delete node_modules under each other.
  await withLock(
    join(ROOT, ".assay", "setup.lock"),
    async () => {
      await runStep("npm packages", ensurePackages, { log });
      await runStep("build", buildPackages, { log });
    },
    { onWait: sayOnce() },
  );
  for (const name of backends) {
    await runStep(BACKENDS[name].title, (step) => ensureBackend(name, step), { log });
  }
}

function checkNode() {
  if (isOlder(process.versions.node, NODE_MINIMUM)) {
    throw new Missing(
      `Node ${NODE_MINIMUM} or newer is needed and this is ${process.versions.node}: install it from https://nodejs.org or with your package manager`,
    );
  }
}

function checkToolchains() {
  const lines = Object.values(BACKENDS)
    .filter(({ kind }) => kind !== "npm")
    .map(({ kind, folder }) => (kind === "go" ? goVersion(join(ROOT, folder)) : pythonVersion()));
  return [...new Set(lines)]
    .map((line) =>
      line
        .replace(/^go version go/, "go ")
        .split(" ")
        .slice(0, 2)
        .join(" "),
    )
    .join(", ");
}

/** The log of this run, in the cache folder; only the newest are kept. */
function openLog() {
  const folder = join(cacheFolder(), "logs");
  const path = join(
    folder,
    `${new Date().toISOString().replaceAll(":", "")}-setup-${process.pid}.log`,
  );
  try {
    mkdirSync(folder, { recursive: true });
    appendFileSync(
      path,
      `node ${process.version} ${process.platform}-${process.arch}, set-up for ${mode} in ${ROOT}\n`,
    );
  } catch (error) {
    throw new Missing(
      `The cache folder ${cacheFolder()} is not writable (${error.code}): make it so, or name another in ASSAY_CACHE_DIR`,
    );
  }
  for (const old of readdirSync(folder).toSorted().slice(0, -LOGS_KEPT)) {
    rmSync(join(folder, old), { force: true });
  }
  return path;
}

function sayOnce() {
  let said = false;
  return (pid) => {
    if (!said) {
      said = true;
      console.log(`waiting for another set-up of this checkout, process ${pid}`);
    }
  };
}

/** One sentence for what the user can mend; a fault of ours shows its stack in the log as well. */
function report(error) {
  const isOurs = error instanceof Missing;
  const sentence = error.message.replace(/\.$/, "");
  if (log === undefined) {
    console.error(`Set-up stopped: ${sentence}.`);
    return;
  }
  appendFileSync(log, `\n${isOurs ? sentence : error.stack}\n`);
  console.error(`Set-up stopped: ${sentence} (full log: ${log}).`);
}
