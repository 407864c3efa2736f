import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MODULES = "node_modules/";

/** The licences of the packages that `files` are of, each with the packages that it is for. */
export function licensesOf(files: Iterable<string>): string {
  const folders = new Set<string>();
  for (const file of files) {
    const [, folder] =
      /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll("\\", "/")) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  const packagesByText = new Map<string, string[]>();
  for (const folder of [...folders].toSorted()) {
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      version: string;
    };
    const name = folder.slice(folder.lastIndexOf(MODULES) + MODULES.length);
    const text = textIn(folder);
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), `${name} ${version}`]);
  }
  return [...packagesByText]
    .map(([text, packages]) => `${packages.join("\n")}\n\n${text.trim()}\n`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function textIn(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) {
    throw new Error(`${folder} has no licence file, so it cannot be bundled.`);
  }
  return readFileSync(join(folder, file), "utf8");
}
