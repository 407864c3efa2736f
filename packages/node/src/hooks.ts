import Module, { registerHooks } from "node:module";
import { type ImportHooks, loadImportHooks } from "./import-hooks.ts";
import { packageOf } from "./package-of.ts";

/** Modules, by package or built-in name, with what is to be done before one of them is first loaded. */
export type Targets = ReadonlyMap<string, () => void>;

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
 * What is called makes an instrumentation. The first of those brings a hook of its own into `require`, under the call
 * that is going on; so that call is made once more, through the new hook.
 */
export function hookModules(targets: Targets): void {
  // A copy: what is called for is forgotten here, and known there to be a target.
  const waiting = new Map(targets);
  const call = (name: string): boolean => {
    const make = waiting.get(name);
    if (make === undefined) return false;
    waiting.delete(name);
    make();
    return true;
  };
  hookRequire(call);
  if (seesImports) hookImport(call, targets);
}

interface Loading {
  require(this: unknown, id: string): unknown;
}

function hookRequire(call: (name: string) => boolean): void {
  const prototype = Module.prototype as unknown as Loading;
  const nameOf = (id: string, from: unknown): string =>
    packageOf(id.startsWith("#") ? located(id, from) : id);
  prototype.require = hooked(prototype, "require", (id, from) => call(nameOf(id, from)));
  const builtins = process as { getBuiltinModule(this: unknown, id: string): unknown };
  builtins.getBuiltinModule = hooked(builtins, "getBuiltinModule", (id) => call(packageOf(id)));
}

function hooked<Name extends string, Load extends (this: never, id: string) => unknown>(
  holder: Record<Name, Load>,
  name: Name,
  call: (id: string, from: unknown) => boolean,
): Load {
  const original = holder[name];
  const load = function loadHooked(this: unknown, id: string): unknown {
    const again = typeof id === "string" && call(id, this);
    return Reflect.apply(again ? holder[name] : original, this, [id]);
  };
  return load as unknown as Load;
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

function hookImport(call: (name: string) => boolean, targets: Targets): void {
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
        const { url } = next(specifier, context);
        if (!targets.has(packageOf(url))) return next(specifier, context);
        imports = loadImportHooks((found) => targets.has(packageOf(found)));
      }
      return imports.resolve(specifier, context, next, (url) => call(packageOf(url)));
    },
  });
}
