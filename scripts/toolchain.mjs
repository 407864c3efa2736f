// Go and Python as this machine has them. Runs before anything is installed: built-in modules only, Node 20 syntax.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the user has to do before a step can work, in one sentence. */
export class Missing extends Error {
  name = "Missing";
}

const GO_MINIMUM = "1.26";
const PYTHON_MINIMUM = "3.11";
const GET_GO =
  "install it from https://go.dev/dl/ or with your package manager, and put it on PATH";
const GET_PYTHON =
  "install it from https://www.python.org/downloads/ or with your package manager, or name one in ASSAY_PYTHON";

/** The environment of every `go` we run: the user's own settings must not change what is built. */
export function goEnvironment() {
  const environment = { ...process.env };
  for (const name of ["GOOS", "GOARCH", "GOEXPERIMENT"]) {
    delete environment[name];
  }
  // No cgo, as in the upstream releases: no C compiler is needed and the result runs beside any libc.
  return {
    ...environment,
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GOWORK: "off",
  };
}

const goLines = new Map();

/**
 * The `go version` line that holds in `folder`, for example "go version go1.26.8 linux/amd64".
 *
 * Go may fetch a newer toolchain for a newer go.mod (GOTOOLCHAIN=auto), so the answer is per folder.
 * Throws `Missing` when Go is absent or older than the folder's go.mod asks for.
 */
export function goVersion(folder) {
  const known = goLines.get(folder);
  if (known !== undefined) {
    return known;
  }
  const wanted =
    /^go\s+(\S+)/m.exec(readFileSync(join(folder, "go.mod"), "utf8"))?.[1] ?? GO_MINIMUM;
  const needed = isOlder(wanted, GO_MINIMUM) ? GO_MINIMUM : wanted;
  const { error, status, stdout, stderr } = spawnSync("go", ["version"], {
    cwd: folder,
    env: goEnvironment(),
    encoding: "utf8",
  });
  if (error !== undefined) {
    throw new Missing(
      `Go ${needed} or newer is needed to build the backends and was not found: ${GET_GO}.`,
    );
  }
  const line = stdout.trim();
  const found = /\bgo(\d+(?:\.\d+)+)/.exec(line)?.[1];
  if (status !== 0 || found === undefined) {
    const said = (stderr.trim() || line).split("\n")[0];
    throw new Missing(
      `Go ${needed} or newer is needed, and \`go version\` says "${said}": ${GET_GO}.`,
    );
  }
  if (isOlder(found, needed)) {
    throw new Missing(`Go ${needed} or newer is needed and this machine has ${found}: ${GET_GO}.`);
  }
  goLines.set(folder, line);
  return line;
}

/** The Python that bugsink's venv is made with: `ASSAY_PYTHON`, else python3 (python on Windows). */
export function pythonCommand() {
  return process.env.ASSAY_PYTHON || (process.platform === "win32" ? "python" : "python3");
}

// A venv points into the Python it was made with, so that Python's place belongs to its identity.
const PYTHON_PROBE = `
import json, sys, sysconfig
try:
    import venv, ensurepip
    able = True
except ImportError:
    able = False
print(json.dumps({"version": ".".join(map(str, sys.version_info[:3])), "platform": sysconfig.get_platform(), "home": sys.base_prefix, "able": able}))
`;

let pythonLine;

/** One line that names the Python: version, platform and place. Throws `Missing` when it is absent or too old. */
export function pythonVersion() {
  if (pythonLine !== undefined) {
    return pythonLine;
  }
  const command = pythonCommand();
  const { error, status, stdout } = spawnSync(command, ["-c", PYTHON_PROBE], { encoding: "utf8" });
  const needed = `Python ${PYTHON_MINIMUM} or newer is needed to run bugsink`;
  if (error !== undefined || status !== 0) {
    throw new Missing(`${needed} and \`${command}\` was not found or does not run: ${GET_PYTHON}.`);
  }
  const { version, platform, home, able } = JSON.parse(stdout);
  if (isOlder(version, PYTHON_MINIMUM)) {
    throw new Missing(`${needed} and \`${command}\` is ${version}: ${GET_PYTHON}.`);
  }
  if (!able) {
    throw new Missing(
      `${needed} with its venv module, which \`${command}\` lacks: on Debian and Ubuntu install python3-venv.`,
    );
  }
  pythonLine = `python ${version} ${platform} ${home}`;
  return pythonLine;
}

/** True when dotted version `a` comes before `b`; missing parts count as 0. */
export function isOlder(a, b) {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let index = 0; index < right.length; index++) {
    const difference = (left[index] ?? 0) - right[index];
    if (difference !== 0) {
      return difference < 0;
    }
  }
  return false;
}
