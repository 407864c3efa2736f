import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** A copy of a package of OpenTelemetry in the tree of the application. */
export interface Copy {
  name: string;
  version: string;
  path: string;
  /** Packages that get this copy when they ask for it, with their versions. */
  usedBy: string[];
}

interface Manifest {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const MODULES = "node_modules";
const LOOKED_FOR =
  /^(@opentelemetry\/(api|api-logs|core|sdk-[\w-]+)|(import|require)-in-the-middle)$/;
/** A tree larger than any that was seen; a link that goes round must not go on for ever. */
const MOST_PACKAGES = 20_000;

/** Finds the copies of OpenTelemetry's API and SDK that are installed for the folder `from`, and who gets which. */
export function copiesIn(from: string): Copy[] {
  const packages = new Map<string, Manifest>();
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = read(folder);
    if (manifest !== undefined) packages.set(folder, manifest);
    collect(join(folder, MODULES), packages);
    if (dirname(folder) === folder) break;
  }
  const copies = new Map<string, Copy>();
  for (const [path, { name = "", version = "" }] of packages) {
    if (LOOKED_FOR.test(name)) copies.set(path, { name, version, path, usedBy: [] });
  }
  for (const [path, { name = path, version = "", ...manifest }] of packages) {
    const wanted = { ...manifest.peerDependencies, ...manifest.dependencies };
    for (const dependency of Object.keys(wanted)) {
      if (!LOOKED_FOR.test(dependency)) continue;
      copies.get(resolved(path, dependency) ?? "")?.usedBy.push(`${name} ${version}`.trim());
    }
  }
  return [...copies.values()];
}

function collect(modules: string, packages: Map<string, Manifest>): void {
  for (const entry of list(modules)) {
    if (entry.startsWith(".")) continue;
    if (entry.startsWith("@")) {
      for (const scoped of list(join(modules, entry))) add(join(modules, entry, scoped), packages);
    } else add(join(modules, entry), packages);
  }
}

function add(link: string, packages: Map<string, Manifest>): void {
  const path = real(link);
  if (path === undefined || packages.has(path) || packages.size >= MOST_PACKAGES) return;
  const manifest = read(path);
  if (manifest === undefined) return;
  packages.set(path, manifest);
  collect(join(path, MODULES), packages);
}

// As Node looks for it.
function resolved(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, MODULES, name);
    if (existsSync(join(path, "package.json"))) return real(path);
    if (dirname(folder) === folder) return undefined;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // most packages have no modules of their own
  }
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // a link to nowhere
  }
}

function read(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    return undefined; // a folder that is no package
  }
}
