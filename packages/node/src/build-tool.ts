import { realpathSync } from "node:fs";
import { basename, sep } from "node:path";
import { packageOf } from "./package-of.ts";

// Package managers, and tools that build and start no application of the user's.
const PACKAGES = new Set(
  [
    "npm npx yarn @yarnpkg/cli-dist pnpm @pnpm/exe corepack",
    "typescript turbo vite webpack webpack-cli rollup rolldown esbuild tsup tsdown parcel",
    "@swc/cli @babel/cli @rspack/cli nx lerna",
    "eslint oxlint oxfmt prettier @biomejs/biome husky lint-staged",
  ].flatMap((names) => names.split(" ")),
);
// Where they stand outside node_modules: Yarn's releases, corepack's cache, installations by hand.
const FILES = /^(npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack)(-cli)?(-[\d.]+)?\.[cm]?js$/;

/**
 * Whether the program that starts is a package manager or a build tool, by the path of its file.
 *
 * A preload in NODE_OPTIONS comes into each of them: `npm start` alone would pay for it twice before the application.
 */
export function isBuildTool(file: string | undefined = process.argv[1]): boolean {
  if (file === undefined) return false;
  let path = file;
  try {
    path = realpathSync(file); // node_modules/.bin and /usr/bin hold links
  } catch {
    return false; // no file: Node looks for an extension, or ends in a moment
  }
  return PACKAGES.has(packageOf(path.replaceAll(sep, "/"))) || FILES.test(basename(path));
}
