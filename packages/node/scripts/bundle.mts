// Writes dist/: the preload, what it loads later, and each instrumentation, as files that share one copy of everything.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { build, type BuildOptions, type Plugin } from "rolldown";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");
const DIST = join(ROOT, "dist");
const SCOPE = "@opentelemetry/";

/** Our own files that are loaded when they are needed, by `require("./NAME")`; each is a file of dist/. */
const LATER = "start telemetry app-sentry exit-requests otlp prometheus sentry".split(" ");

const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
const instrumentations = Object.keys(devDependencies).filter((name) =>
  name.startsWith(`${SCOPE}instrumentation-`),
);
const shared: Record<string, string> = {
  ...source("index", ...LATER),
  redaction: "@assay/redaction",
  ...Object.fromEntries(instrumentations.map((name) => [name.slice(SCOPE.length), name])),
};

/** Keeps a `require` of what has a file of its own, and gives instrumentations our hook for imports. */
const later: Plugin = {
  name: "later",
  resolveId(specifier, importer, { kind }) {
    const isOurs = importer?.startsWith(SRC) === true;
    if (isOurs && kind === "require-call") {
      const name = specifier === "@assay/redaction" ? "redaction" : specifier.replace("./", "");
      if (name in shared) return { id: `./${name}.js`, external: true };
    }
    if (!isOurs && specifier === "import-in-the-middle") return join(SRC, "import-hooks.ts");
    const isOutside =
      specifier.startsWith("import-in-the-middle") ||
      specifier.startsWith("node:") ||
      builtinModules.includes(specifier);
    return isOutside ? { id: specifier, external: true } : null;
  },
};

const groups = await groupsOf(shared);
for (const file of readdirSync(DIST)) {
  if (/\.m?js$/.test(file)) rmSync(join(DIST, file));
}
await bundle(shared, { codeSplitting: { groups } });
// The first file is alone, so that a process that is to have no telemetry loads nothing else; the worker has to be quick.
for (const name of ["register", "exit-worker"]) await bundle(source(name), {});
writeFileSync(join(DIST, "index.mjs"), `export * from "./index.js";\n`);

function source(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, join(SRC, `${name}.ts`)]));
}

async function bundle(
  input: Record<string, string>,
  output: NonNullable<BuildOptions["output"]>,
  plugins: Plugin[] = [],
): Promise<void> {
  await build({
    cwd: ROOT,
    input,
    platform: "node",
    resolve: { conditionNames: ["@assay/source", "import", "node", "default"] },
    plugins: [later, ...plugins],
    write: plugins.length === 0,
    output: {
      dir: DIST,
      format: "cjs",
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
      exports: "named",
      ...output,
    },
  });
}

/** One file for what each process needs, one for the SDK, and one for what instrumentations have in common. */
async function groupsOf(
  input: Record<string, string>,
): Promise<{ name: string; test: (id: string) => boolean; priority: number }[]> {
  const imports = new Map<string, readonly string[]>();
  const entries = new Map<string, string>();
  await bundle(input, {}, [
    {
      name: "graph",
      buildEnd() {
        for (const id of this.getModuleIds()) {
          const info = this.getModuleInfo(id);
          imports.set(id, info?.importedIds ?? []);
        }
      },
      generateBundle(_options, output) {
        for (const file of Object.values(output)) {
          if (file.type === "chunk" && file.facadeModuleId)
            entries.set(file.name, file.facadeModuleId);
        }
      },
    },
  ]);
  const reach = (name: string): Set<string> => {
    const found = new Set<string>();
    const open = [entries.get(name) ?? ""];
    for (const id of open) {
      if (found.has(id) || !imports.has(id)) continue;
      found.add(id);
      open.push(...imports.get(id)!);
    }
    return found;
  };
  const core = reach("start");
  const uses = new Map<string, number>();
  for (const name of Object.keys(input)) {
    for (const id of reach(name)) uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  const sdk = reach("telemetry");
  const base = reach("instrumentation-lru-memoizer");
  return [
    { name: "core", test: (id) => core.has(id), priority: 3 },
    { name: "sdk", test: (id) => sdk.has(id), priority: 2 },
    {
      name: "instrumentation",
      test: (id) => base.has(id) && (uses.get(id) ?? 0) > 1,
      priority: 1,
    },
  ];
}
