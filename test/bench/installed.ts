import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** What `npm install` made of a new project. */
export interface Installed {
  packages: number;
  /** Of all files in node_modules. */
  bytes: number;
  /** How many copies of each OpenTelemetry package there are, by `npm ls`. */
  copies: ReadonlyMap<string, number>;
}

/** Installs packed packages of ours, and `others` with their versions, into a new project, and looks at what is there. */
export function installed(assay: readonly string[], others: Record<string, string>): Installed {
  const folder = mkdtempSync(join(tmpdir(), "assay-installed-"));
  try {
    const ours = assay.map((name) => [`@assay/${name}`, `file:${pack(name, folder)}`]);
    const dependencies = { ...Object.fromEntries(ours), ...others };
    const manifest = { name: "application", private: true, dependencies };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    npm(folder, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
    // It fails by itself when what is installed is not what the manifests ask for.
    const places = npm(folder, "ls", "--all", "--parseable").trim().split("\n").slice(1);
    const copies = new Map<string, number>();
    for (const place of places) {
      const name = place.replaceAll("\\", "/").split("node_modules/").at(-1)!;
      if (!name.startsWith("@opentelemetry/")) continue;
      copies.set(name, (copies.get(name) ?? 0) + 1);
    }
    return { packages: places.length, bytes: sizeOf(join(folder, "node_modules")), copies };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pack(name: string, folder: string): string {
  const printed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: join(ROOT, "packages", name),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ filename } = { filename: "" }] = JSON.parse(printed) as { filename: string }[];
  return filename;
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function sizeOf(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const entry = lstatSync(join(folder, name));
    if (entry.isFile()) bytes += entry.size;
  }
  return bytes;
}
