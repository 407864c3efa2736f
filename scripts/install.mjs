// Installs the pinned npm packages and builds ours with them.

import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT } from "./backends.mjs";
import { failure } from "./failure.mjs";
import { Missing } from "./toolchain.mjs";

const BIN = join(ROOT, "node_modules", ".bin");
const PINNED_NODE = process.platform === "win32" ? "node.cmd" : "node";

/** Runs `npm ci`, unless node_modules holds just what package-lock.json says. */
export async function ensurePackages(step) {
  if (isInstalled()) {
    return "unchanged";
  }
  const [command, ...before] = npm();
  await step.run(
    command,
    [
      ...before,
      "ci",
      "--loglevel=notice",
      "--include=dev",
      "--include=optional",
      "--no-audit",
      "--no-fund",
    ],
    {
      cwd: ROOT,
      shell: command === "npm.cmd",
      explain: (tail, how) =>
        /does not run/.test(how)
          ? "npm was not found: it comes with Node from https://nodejs.org, or install it with your package manager"
          : failure("The npm packages were not installed", tail, how),
    },
  );
  if (!existsSync(join(BIN, PINNED_NODE))) {
    throw new Missing(
      `npm did not install the pinned Node for ${process.platform}-${process.arch}: use Linux, macOS or Windows on x64 or arm64, and leave npm's "omit" and "optional" settings alone`,
    );
  }
  return undefined;
}

/** Builds every package; turbo skips those whose inputs are unchanged. */
export async function buildPackages(step) {
  const turbo = join(ROOT, "node_modules", "turbo", "bin", "turbo");
  const tail = await step.run(
    process.execPath,
    [turbo, "run", "build", "--output-logs=new-only", "--no-color"],
    {
      cwd: ROOT,
      env: workspaceEnvironment(),
      label: "turbo run build",
      explain: (output, how) => failure("The packages did not build", output, how),
    },
  );
  return /FULL TURBO/.test(tail) ? "unchanged" : undefined;
}

/** The environment in which the workspace's own programs, the pinned Node among them, come first. */
export function workspaceEnvironment() {
  // Windows spells it Path.
  const name = Object.keys(process.env).find((each) => each.toUpperCase() === "PATH") ?? "PATH";
  const path = [BIN, process.env[name]].join(delimiter);
  return { ...process.env, [name]: path, TURBO_TELEMETRY_DISABLED: "1" };
}

/** True when npm's own record of node_modules agrees with the lock file in everything but foreign platforms. */
export function isInstalled(root = ROOT) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record) || !existsSync(join(root, "node_modules", ".bin", PINNED_NODE))) {
    return false;
  }
  const have = JSON.parse(readFileSync(record, "utf8")).packages;
  const { "": _root, ...want } = JSON.parse(
    readFileSync(join(root, "package-lock.json"), "utf8"),
  ).packages;
  const identity = (entry) => `${entry?.version} ${entry?.integrity} ${entry?.resolved}`;
  return (
    Object.keys(have).every((path) => path in want) &&
    Object.entries(want).every(([path, entry]) =>
      have[path] === undefined ? entry.optional === true : identity(have[path]) === identity(entry),
    )
  );
}

/** How to run npm: the very npm that runs us, under its own Node, since `npm ci` removes the pinned one. */
export function npm() {
  const { npm_execpath: script, npm_node_execpath: node = process.execPath } = process.env;
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) {
    return [node, script];
  }
  return [process.platform === "win32" ? "npm.cmd" : "npm"];
}
