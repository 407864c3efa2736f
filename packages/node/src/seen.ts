import Module from "node:module";
import { packageOf } from "./package-of.ts";
import { UNINSTRUMENTED } from "./uninstrumented.ts";

/** What is known of the modules of this process, by names of packages and of built-in modules. */
export interface Seen {
  /** Names of instrumentations that work. */
  instrumented: Set<string>;
  /** Packages that were loaded and for which spans are expected, and that have none here. */
  uninstrumented: Set<string>;
  /** Packages that were loaded before Assay, so that they are not instrumented. */
  early: Set<string>;
}

/** Filled while the application loads; the line at the start and the doctor read it. */
export const seen: Seen = { instrumented: new Set(), uninstrumented: new Set(), early: new Set() };

let switchedOff: ReadonlySet<string> = new Set();

/** Names the packages whose instrumentation the configuration leaves out. */
export function expectSpansOf(packages: Iterable<string>): void {
  switchedOff = new Set(packages);
}

/** Takes note that a module is loaded. */
export function notice(name: string): void {
  if (UNINSTRUMENTED.has(name) || switchedOff.has(name)) seen.uninstrumented.add(name);
}

/** Takes note of the targets that are loaded already, before the hooks are there. */
export function noticeEarly(targets: ReadonlyMap<string, unknown>): void {
  const { _cache: cache } = Module as unknown as { _cache: Readonly<Record<string, unknown>> };
  for (const file of Object.keys(cache)) {
    const name = packageOf(file.replaceAll("\\", "/"));
    if (targets.has(name)) seen.early.add(name);
  }
}
