import { registerHooks, type ResolveFnOutput, type ResolveHookContext } from "node:module";
import { pathToFileURL } from "node:url";

type NextResolve = (specifier: string, context?: Partial<ResolveHookContext>) => ResolveFnOutput;
type OnImport = (exports: object, name: string, baseDir: string | undefined) => unknown;

/** What `import` of a module that is instrumented goes through. */
export interface ImportHooks {
  resolve(
    specifier: string,
    context: ResolveHookContext,
    next: NextResolve,
    onFound: (url: string) => void,
  ): ResolveFnOutput;
}

interface RealHook {
  unhook(): void;
}

/** One of import-in-the-middle's loader. */
interface LoaderHook {
  applyOptions(options: { shouldInclude: (url: string) => boolean }): void;
  resolveSync(
    specifier: string,
    context: ResolveHookContext,
    next: NextResolve,
  ): ResolveFnOutput & { format?: string };
  loadSync: NonNullable<Parameters<typeof registerHooks>[0]["load"]>;
}

let waiting: Hook[] | undefined = [];

/**
 * Stands in our bundle for import-in-the-middle's class of this name.
 *
 * Applications that import nothing of what is instrumented load none of its files; until one does, hooks are only noted.
 */
export class Hook {
  readonly given: [string[], { internals?: boolean }, OnImport];
  real: RealHook | undefined;

  constructor(modules: string[], options: { internals?: boolean }, onImport: OnImport) {
    this.given = [modules, options, onImport];
    if (waiting === undefined) this.begin();
    else waiting.push(this);
  }

  begin(): void {
    const { Hook: Real } = require("import-in-the-middle") as {
      Hook: new (...given: Hook["given"]) => RealHook;
    };
    this.real = new Real(...this.given);
  }

  unhook(): void {
    waiting = waiting?.filter((hook) => hook !== this);
    this.real?.unhook();
  }
}

/** Loads import-in-the-middle; from then on imports of modules that `isTarget` names by URL can be changed. */
export function loadImportHooks(isTarget: (url: string) => boolean): ImportHooks {
  const file = require.resolve("import-in-the-middle/create-hook.mjs");
  const { createHook } = require(file) as {
    createHook: (meta: { url: string }) => LoaderHook;
  };
  // It derives the URLs of its other files from this one, which has to end so.
  const url = pathToFileURL(file).href.replace("create-hook.mjs", "hook.mjs");
  const hook = createHook({ url });
  // What a CommonJS file that was wrapped requires may come here as an import. Such a require must not get a wrapper;
  // the loader sees to that, but only for what is included.
  const chain = new Set<string>();
  let parent = "";
  hook.applyOptions({ shouldInclude: (found) => isTarget(found) || chain.has(parent) });
  registerHooks({
    // Of `node -e` Node says that a built-in module is CommonJS, and it would then be read as a file.
    load: (loaded, context, next) =>
      hook.loadSync(
        loaded,
        loaded.startsWith("node:") && context.format !== "builtin"
          ? { ...context, format: "builtin" }
          : context,
        next,
      ),
  });
  const hooks = waiting ?? [];
  waiting = undefined;
  for (const each of hooks) each.begin();

  return {
    resolve(specifier, context, next, onFound) {
      parent = context.parentURL ?? "";
      const isInChain = chain.has(parent);
      let result: ReturnType<typeof hook.resolveSync>;
      try {
        result = hook.resolveSync(specifier, context, next);
      } catch {
        return next(specifier, context); // throws again when the module itself is not there
      }
      const found = result.url.replace(/\?iitm=\w+/, "");
      if (isInChain || (found !== result.url && !found.startsWith("node:"))) chain.add(found);
      onFound(found);
      return result;
    },
  };
}
