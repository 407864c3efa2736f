import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";

const ROOT = join(import.meta.dirname, "../..");
const PACKAGES = readdirSync(join(ROOT, "packages"));

interface Lock {
  packages: Record<string, { version?: string; integrity?: string; link?: boolean }>;
}

function lock(): Lock {
  return JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as Lock;
}

function run(code: string, type: "module" | "commonjs"): string {
  const args = [`--input-type=${type}`, "--eval", code];
  return execFileSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: "utf8",
  }).trim();
}

test("one copy of the API, of each SDK package and of import-in-the-middle is installed", () => {
  const copies = new Map<string, string[]>();
  for (const [path, { version = "" }] of Object.entries(lock().packages)) {
    const name = path.split("node_modules/").at(-1) ?? "";
    if (!/^(@opentelemetry\/|@sentry\/core$|import-in-the-middle$)/.test(name)) continue;
    copies.set(name, [...(copies.get(name) ?? []), version]);
  }
  expect(copies.size).toBeGreaterThan(20);
  expect([...copies].filter(([, versions]) => versions.length > 1)).toEqual([]);
});

test("every package in the lock file has a checksum", () => {
  const without = Object.entries(lock().packages).filter(
    ([path, { integrity, link }]) =>
      path.includes("node_modules/") && link !== true && integrity === undefined,
  );
  expect(without.map(([path]) => path)).toEqual([]);
});

test("every dependency has an exact version", () => {
  const ranges = [".", ...PACKAGES.map((name) => `packages/${name}`), "test"].flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as Record<
      string,
      Record<string, string> | undefined
    >;
    const all = {
      ...manifest["dependencies"],
      ...manifest["devDependencies"],
      ...manifest["optionalDependencies"],
    };
    return Object.entries(all)
      .filter(([, version]) => !/^(npm:[\w/@-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${folder}: ${name} ${version}`);
  });
  expect(ranges).toEqual([]);
});

test.each(PACKAGES)("@assay/%s publishes what its manifest says", async (name) => {
  const { messages, pkg } = await publint({ pkgDir: join(ROOT, "packages", name), strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test.each(PACKAGES)("the types of @assay/%s are found, however it is imported", async (name) => {
  await using folder = await temporaryFolder("pack");
  const pack = ["pack", "--silent", "--pack-destination", folder.path];
  execFileSync("npm", pack, { cwd: join(ROOT, "packages", name), stdio: "ignore" });
  const [tarball = ""] = readdirSync(folder.path);
  const checked = await checkPackage(
    createPackageFromTarballData(new Uint8Array(readFileSync(join(folder.path, tarball)))),
  );
  expect(checked).toMatchObject({ types: { kind: "included" }, problems: [] });
});

test.each([
  ...PACKAGES,
  ...["daraja", "express", "fastify", "mcp", "nestjs"].map((name) => `finance/${name}`),
])("every name of @assay/%s comes from import and from require, and is meant", (name) => {
  // Node adds these three to what it makes of a CommonJS module.
  const added = "['default', 'module.exports', '__esModule']";
  const names = `Object.keys(all).filter((name) => !${added}.includes(name)).toSorted()`;
  const print = `process.stdout.write(JSON.stringify(${names}))`;
  const imported = run(`import * as all from "@assay/${name}"; ${print}`, "module");
  const required = run(`const all = require("@assay/${name}"); ${print}`, "commonjs");
  expect(imported).toBe(required);
  expect(JSON.parse(imported)).toMatchSnapshot();
});
