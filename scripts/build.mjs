// Builds one backend into the user's cache: aside, under a lock, then visible by one rename.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { BACKENDS, backendFolder, builtFolder, cacheFolder, ROOT } from "./backends.mjs";
import { failure } from "./failure.mjs";
import { npm } from "./install.mjs";
import { isAlive, withLock } from "./lock.mjs";
import { goEnvironment, Missing, pythonCommand } from "./toolchain.mjs";

const NEEDED_BYTES = 1_000_000_000;
const UNUSED_MS = 30 * 24 * 3_600_000;

/** Makes sure that the backend is in the cache; returns "unchanged" when it already was. */
export async function ensureBackend(name, step) {
  if (markUsed(name)) {
    return "unchanged";
  }
  const folder = backendFolder(name);
  mkdirSync(dirname(folder), { recursive: true });
  const onWait = (pid) => step.say(`waiting for another set-up, process ${pid}`);
  return await withLock(
    `${folder}.lock`,
    async () => {
      if (markUsed(name)) {
        return "built by another set-up";
      }
      checkSpace(BACKENDS[name].title);
      sweep(name, folder);
      step.say(`about ${BACKENDS[name].cold} the first time`);
      await BUILDERS[BACKENDS[name].kind](name, folder, step);
      return undefined;
    },
    { onWait },
  );
}

async function buildGo(name, folder, step) {
  const { title, flags, programs, folder: source } = BACKENDS[name];
  const aside = `${folder}.${process.pid}.tmp`;
  try {
    await step.run("go", ["build", ...flags, "-o", aside + sep, ...Object.values(programs)], {
      cwd: join(ROOT, source),
      env: goEnvironment(),
      explain: (tail, how) => failure(`${title} did not build`, tail, how),
    });
    reveal(name, aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

async function installNpm(name, folder, step) {
  const { title, folder: source } = BACKENDS[name];
  const aside = `${folder}.${process.pid}.tmp`;
  try {
    mkdirSync(aside, { recursive: true });
    for (const file of ["package.json", "package-lock.json"]) {
      copyFileSync(join(ROOT, source, file), join(aside, file));
    }
    const [command, ...before] = npm();
    const install = ["ci", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
    await step.run(command, [...before, ...install], {
      cwd: aside,
      shell: command === "npm.cmd",
      explain: (tail, how) => failure(`${title} did not install`, tail, how),
    });
    reveal(name, aside, folder);
    if (builtFolder(name) === undefined) {
      throw new Missing(
        `npm did not install ${title} for ${process.platform}-${process.arch}: use Linux on x64 or arm64, and leave npm's "omit" and "optional" settings alone`,
      );
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** A venv's scripts hold its absolute path, so it stays where it is made and a file says where that is. */
async function makeVenv(name, folder, step) {
  const { title, folder: source, requirements } = BACKENDS[name];
  const venv = `${folder}.${process.pid}.env`;
  const explain = (tail, how) => failure(`${title} did not install`, tail, how);
  let done = false;
  try {
    await step.run(pythonCommand(), ["-m", "venv", venv], { explain });
    const python = join(
      venv,
      ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
    );
    const install = [
      "-m",
      "pip",
      "install",
      "--require-hashes",
      "--no-input",
      "--disable-pip-version-check",
    ];
    await step.run(python, [...install, "-r", join(ROOT, source, requirements)], { explain });
    const pointer = `${folder}.${process.pid}.tmp`;
    writeFileSync(pointer, venv);
    renameSync(pointer, `${folder}.venv`);
    done = true;
  } finally {
    if (!done) {
      rmSync(venv, { recursive: true, force: true });
    }
  }
}

const BUILDERS = { go: buildGo, python: makeVenv, npm: installNpm };

function reveal(name, aside, folder) {
  if (builtFolder(name) !== undefined) {
    return;
  }
  // What is left of a build whose files something has deleted.
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(aside, folder);
  } catch (error) {
    // Another set-up, which took this one for dead, was faster.
    if (builtFolder(name) === undefined) {
      throw error;
    }
  }
}

/** Stamps the finished backend with today's date, so that only unused ones grow old. False when it is not built. */
function markUsed(name) {
  const built = builtFolder(name);
  if (built === undefined) {
    return false;
  }
  const now = new Date();
  utimesSync(built, now, now);
  if (BACKENDS[name].kind === "python") {
    utimesSync(`${backendFolder(name)}.venv`, now, now);
  }
  return true;
}

/** Removes what killed set-ups left of this build, and other builds of the same backend that nobody used for a month. */
function sweep(name, folder) {
  const current = basename(folder);
  for (const entry of readdirSync(dirname(folder))) {
    const path = join(dirname(folder), entry);
    const aside = /\.(\d+)\.(?:tmp|env)$/.exec(entry);
    const isOurs = entry.startsWith(`${name}-`);
    const isAbandoned =
      entry.startsWith(`${current}.`) && aside !== null && !isAlive(Number(aside[1]));
    const isCurrent = entry === current || entry.startsWith(`${current}.`);
    const isUnused = isOurs && !isCurrent && Date.now() - statSync(path).mtimeMs > UNUSED_MS;
    if ((isAbandoned && !isNamed(path, `${folder}.venv`)) || isUnused) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

function isNamed(venv, pointer) {
  return existsSync(pointer) && readFileSync(pointer, "utf8") === venv;
}

function checkSpace(title) {
  const { bavail, bsize } = statfsSync(cacheFolder());
  const free = bavail * bsize;
  if (free < NEEDED_BYTES) {
    throw new Missing(
      `${title} was not built because the disk of ${cacheFolder()} has ${Math.floor(free / 1e6)} MB left: free some space or name a folder on a larger disk in ASSAY_CACHE_DIR`,
    );
  }
}
