// The one description of the backends: what each is built from and where the result is kept.
// Built-in modules only, Node 20 syntax: scripts/setup.mjs uses it before anything is installed.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { goVersion, Missing, pythonVersion } from "./toolchain.mjs";

/** The root of this checkout. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

const STRIP = ["-trimpath", "-ldflags", "-s -w"];

/**
 * Every backend: a Go module that yields one or more `programs` (name to package), a Python venv, or packages of npm.
 * `cold` is how long it takes on two cores with nothing cached.
 */
export const BACKENDS = {
  collector: {
    kind: "go",
    title: "Assay Collector",
    folder: "collector/distribution",
    flags: ["-tags", "grpcnotrace", ...STRIP],
    programs: { collector: "assay.invalid/collector" },
    cold: "3 min",
  },
  jaeger: {
    kind: "go",
    title: "Jaeger",
    folder: "collector/backends/jaeger",
    flags: STRIP,
    programs: { jaeger: "github.com/jaegertracing/jaeger/cmd/jaeger" },
    cold: "4 min",
  },
  prometheus: {
    kind: "go",
    title: "Prometheus",
    folder: "collector/backends/prometheus",
    flags: STRIP,
    programs: {
      prometheus: "github.com/prometheus/prometheus/cmd/prometheus",
      promtool: "github.com/prometheus/prometheus/cmd/promtool",
    },
    cold: "5 min",
  },
  alertmanager: {
    kind: "go",
    title: "Alertmanager",
    folder: "collector/backends/alertmanager",
    flags: STRIP,
    programs: {
      alertmanager: "github.com/prometheus/alertmanager/cmd/alertmanager",
      amtool: "github.com/prometheus/alertmanager/cmd/amtool",
    },
    cold: "1 min",
  },
  bugsink: {
    kind: "python",
    title: "bugsink",
    folder: "collector/backends/bugsink",
    requirements: "requirements.txt",
    programs: {},
    cold: "1 min",
  },
  // The other lines of Node that Assay supports, for the tests of the preload.
  nodes: {
    kind: "npm",
    title: "Node 22 and 24",
    folder: "test/nodes",
    programs: { node22: "node-22", node24: "node-24" },
    cold: "1 min",
  },
};

/** Where built backends and logs are kept: `ASSAY_CACHE_DIR`, else the user's cache folder. */
export function cacheFolder(environment = process.env) {
  if (environment.ASSAY_CACHE_DIR) {
    return environment.ASSAY_CACHE_DIR;
  }
  if (process.platform === "win32") {
    return join(environment.LOCALAPPDATA || join(homedir(), "AppData", "Local"), "assay");
  }
  if (environment.XDG_CACHE_HOME) {
    return join(environment.XDG_CACHE_HOME, "assay");
  }
  return join(
    homedir(),
    ...(process.platform === "darwin" ? ["Library", "Caches"] : [".cache"]),
    "assay",
  );
}

/** A short hash of all that determines the built backend: its sources, its flags and the toolchain. */
export function backendKey(name, { root = ROOT } = {}) {
  const backend = describe(name);
  const folder = join(root, backend.folder);
  const hash = createHash("sha256");
  const add = (value) => hash.update(`${JSON.stringify(value)}\n`);
  if (backend.kind === "go") {
    add([goVersion(folder), backend.flags, backend.programs]);
  } else if (backend.kind === "python") {
    add(pythonVersion());
  } else {
    add([process.platform, process.arch]);
  }
  for (const file of inputsOf(backend.kind, folder)) {
    // Bytes that are no UTF-8 would all read as the same character.
    add([file, readFileSync(join(folder, file), file.endsWith(".wasm") ? "latin1" : "utf8")]);
  }
  return hash.digest("hex").slice(0, 16);
}

const INPUTS = {
  go: /(?:^|\/)go\.(?:mod|sum)$|\.(?:go|wasm)$/,
  python: /^requirements\.txt$/,
  npm: /^package(?:-lock)?\.json$/,
};

/** The files that the built backend is made of: of a Go module also those of the modules in it, and what they embed. */
function inputsOf(kind, folder) {
  const names = readdirSync(folder, { recursive: kind === "go" }).map((name) =>
    name.replaceAll(sep, "/"),
  );
  const idle = /_test\.go$|(?:^|\/)testdata\//;
  return names
    .filter((name) => INPUTS[kind].test(name) && !idle.test(name))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

/** The folder in the cache that holds the finished backend, whether it exists yet or not. */
export function backendFolder(name, options) {
  return join(cacheFolder(), "backends", `${name}-${backendKey(name, options)}`);
}

/** The finished backend's folder, or undefined when it is not built. It appears whole, never in part. */
export function builtFolder(name) {
  const folder = backendFolder(name);
  const { kind, programs } = describe(name);
  if (kind !== "python") {
    const isWhole = Object.keys(programs).every((program) =>
      existsSync(programPath(name, folder, program)),
    );
    return isWhole ? folder : undefined;
  }
  // A venv cannot be moved, so it is made under a name of its own and a ".venv" file beside it names it.
  const venv = existsSync(`${folder}.venv`) ? readFileSync(`${folder}.venv`, "utf8") : "";
  return venv !== "" && existsSync(join(venv, "pyvenv.cfg")) ? venv : undefined;
}

/**
 * The absolute path of a built program: "collector", "jaeger", "prometheus", "promtool", "alertmanager", "amtool",
 * "node22", "node24";
 * for "bugsink" the folder of its venv (programs are in `bin`, on Windows in `Scripts`).
 *
 * Throws one sentence that names what is missing and the command that builds it.
 */
export function backendPath(program) {
  const name = Object.keys(BACKENDS).find(
    (each) => each === program || Object.hasOwn(BACKENDS[each].programs, program),
  );
  if (name === undefined) {
    throw new TypeError(`There is no backend program "${program}".`);
  }
  const folder = builtFolder(name);
  if (folder === undefined) {
    throw new Missing(
      `${BACKENDS[name].title} is not built for this checkout: run \`npm test\` or \`node scripts/setup.mjs backends\`.`,
    );
  }
  return name === "bugsink" ? folder : programPath(name, folder, program);
}

function programPath(name, folder, program) {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const { kind, programs } = BACKENDS[name];
  if (kind !== "npm") {
    return join(folder, `${program}${suffix}`);
  }
  const installed = `${programs[program]}-${process.platform}-${process.arch}`;
  return join(folder, "node_modules", installed, "bin", `node${suffix}`);
}

function describe(name) {
  const backend = BACKENDS[name];
  if (backend === undefined) {
    throw new TypeError(`There is no backend "${name}".`);
  }
  return backend;
}
