import Module, { registerHooks } from "node:module";
import { diag } from "@opentelemetry/api";
import { type ImportHooks, loadImportHooks } from "./import-hooks.ts";
import { packageOf } from "./package-of.ts";
import { notice } from "./seen.ts";
import { shield } from "./shield.ts";

/** Modules, by package or built-in name, with what is to be done before one of them is first loaded. */
export interface Targets {
  /** Those whose exports are then changed, for which an ES module has to be given others than Node's. */
  changed: Map<string, () => void>;
  /** Built-in modules that are only to be known to be used. */
  seen: Map<string, () => void>;
}

/** Whether this Node has synchronous module hooks that work: ES modules can only be instrumented with them. */
export const seesImports: boolean = areHooksSound(process.versions.node);

// Before these versions Node refused what the loader gives for CommonJS files that ES modules import.
function areHooksSound(node: string): boolean {
  const [major = 0, minor = 0, patch = 0] = node.split(".").map(Number);
  if (major >= 26) return true;
  if (major === 25) return minor >= 1;
  if (major === 24) return minor > 11 || (minor === 11 && patch >= 1);
  return major === 22 && (minor > 22 || (minor === 22 && patch >= 3));
}

/**
 * Calls what `targets` have for a module when it is first required or imported, before any of it runs.
 *
 * What is called makes an instrumentation, and the first of those brings the hook of require-in-the-middle. That hook
 * resolves each file twice more, so it is put under ours and only gets what is for a target.
 */
export function hookModules({ changed: targets, seen }: Targets): void {
  // A copy: what is called for is forgotten here, and known there to be a target.
  const waiting = new Map([...targets, ...seen]);
  const call = (name: string): boolean => {
    const make = waiting.get(name);
    if (make === undefined) return false;
    waiting.delete(name);
    try {
      make();
    } catch (error) {
      // The application goes on without it.
      diag.error(`what is for ${name} could not be loaded`, error);
    }
    return true;
  };
  hookRequire(call, targets);
  hookBuiltins(call);
  if (seesImports) hookImport(call, targets);
}

// What cannot be named is not instrumented; the original tells the application what is wrong with it.
const safeNameOf = shield("the hook of require", nameOf, () => "");

type Require = (this: unknown, id: string) => unknown;

type Known = ReadonlyMap<string, unknown>;

function hookRequire(call: (name: string) => boolean, targets: Known): void {
  const prototype = Module.prototype as { require: Require };
  const original = prototype.require;
  let brought: Require | undefined;
  const hooked: Require = function requireHooked(id) {
    const name = typeof id === "string" ? safeNameOf(id, this) : "";
    notice(name);
    if (!targets.has(name)) {
      call(name);
      return Reflect.apply(original, this, [id]);
    }
    if (brought === undefined) {
      const outermost = prototype.require; // ours, or what came later and calls ours
      prototype.require = original;
      call(name);
      if (prototype.require !== original) brought = prototype.require;
      prototype.require = outermost;
    } else call(name);
    return Reflect.apply(brought ?? original, this, [id]);
  };
  prototype.require = hooked;
}

function nameOf(id: string, from: unknown): string {
  const name = packageOf(id.startsWith("#") ? located(id, from) : id);
  // A file beside the one that requires it.
  return name === "" && id.startsWith(".")
    ? packageOf((from as { filename?: string | null }).filename ?? "")
    : name;
}

function hookBuiltins(call: (name: string) => boolean): void {
  const holder = process as { getBuiltinModule: Require };
  const original = holder.getBuiltinModule;
  holder.getBuiltinModule = function getHooked(id) {
    const isCalled = typeof id === "string" && call(packageOf(id));
    return Reflect.apply(isCalled ? holder.getBuiltinModule : original, this, [id]);
  };
}

// A subpath import of package.json may lead to any package.
function located(id: string, from: unknown): string {
  const { _resolveFilename: resolve } = Module as unknown as {
    _resolveFilename: (id: string, from: unknown) => string;
  };
  try {
    return resolve(id, from);
  } catch {
    return id; // the original tells what is wrong with it
  }
}

// Without them an import is what it is without us.
const loadSafely = shield<[(url: string) => boolean], ImportHooks | undefined>(
  "the hook of import",
  loadImportHooks,
  () => undefined,
);

function hookImport(call: (name: string) => boolean, targets: Known): void {
  let imports: ImportHooks | undefined;
  registerHooks({
    resolve(specifier, context, next) {
      if (context.conditions.includes("require")) {
        // Of a CommonJS file that an ES module imports, some come here and not through the hook of require.
        call(packageOf(specifier));
        return next(specifier, context);
      }
      // The entry point is never wrapped, and many applications import nothing else.
      if (context.parentURL === undefined) return next(specifier, context);
      if (imports === undefined) {
        const found = next(specifier, context);
        const name = packageOf(found.url);
        notice(name);
        if (!targets.has(name)) {
          call(name);
          return found;
        }
        imports = loadSafely((url) => targets.has(packageOf(url)));
        if (imports === undefined) return found;
      }
      return imports.resolve(specifier, context, next, (url) => {
        const name = packageOf(url);
        notice(name);
        call(name);
      });
    },
  });
}
