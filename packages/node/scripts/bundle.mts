// Writes dist/: the preload, what it loads later, and each instrumentation, as files that share one copy of everything.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { build, type BuildOptions, type Plugin } from "rolldown";
import { licensesOf } from "./licenses.mts";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");
const DIST = join(ROOT, "dist");
const SCOPE = "@opentelemetry/";

/** Our own files that are loaded when they are needed, by `require("./NAME")`; each is a file of dist/. */
const LATER =
  "start telemetry requests frameworks pools config-file self-counters app-sentry exit-requests spool otlp otlp-post prometheus sentry log-pino log-winston log-bunyan log-console doctor-cli doctor-canary-app".split(
    " ",
  );
/** Upstream's that ours are always used instead of. */
const REPLACED = new Set(["http", "undici"].map((name) => `${SCOPE}instrumentation-${name}`));

const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
const instrumentations = Object.keys(devDependencies).filter(
  (name) => name.startsWith(`${SCOPE}instrumentation-`) && !REPLACED.has(name),
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
  // What upstream's ES modules require at their top by createRequire would stay outside.
  transform: (code) =>
    code.replace(/^const (\w+) = __require\("(.+)"\);$/gm, 'import $1 from "$2";'),
};

const groups = await groupsOf(shared);
for (const file of readdirSync(DIST)) {
  if (/\.m?js$/.test(file)) rmSync(join(DIST, file));
}
const files = await bundle(shared, { codeSplitting: { groups } });
// The first file is alone, so that a process that is to have no telemetry loads nothing else; the worker has to be quick.
for (const name of ["register", "exit-worker", "doctor-probe"]) {
  for (const file of await bundle(source(name), {})) files.add(file);
}
writeFileSync(join(DIST, "licenses.txt"), licensesOf(files));
writeFileSync(join(DIST, "index.mjs"), `export * from "./index.js";\n`);

function source(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, join(SRC, `${name}.ts`)]));
}

async function bundle(
  input: Record<string, string>,
  output: NonNullable<BuildOptions["output"]>,
  { write = true } = {},
): Promise<Set<string>> {
  const made = await build({
    cwd: ROOT,
    input,
    platform: "node",
    resolve: { conditionNames: ["@assay/source", "import", "node", "default"] },
    plugins: [later],
    // Names of attributes and metrics are each in one large file of the conventions.
    optimization: { inlineConst: true },
    write,
    output: {
      dir: DIST,
      format: "cjs",
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
      exports: "named",
      ...output,
    },
  });
  const modules = made.output.flatMap((file) =>
    file.type === "chunk" ? Object.entries(file.modules) : [],
  );
  return new Set(modules.filter(([, { code }]) => code !== null && code !== "").map(([id]) => id));
}

/** One file for what each process needs, one for the SDK, and one for what instrumentations have in common. */
async function groupsOf(
  input: Record<string, string>,
): Promise<{ name: string; test: (id: string) => boolean; priority: number }[]> {
  // What is left of each alone: more is imported than used.
  const left = (name: string): Promise<Set<string>> =>
    bundle({ [name]: input[name] }, {}, { write: false });
  const [core, sdk, one, other] = [
    await left("start"),
    await left("telemetry"),
    await left("instrumentation-lru-memoizer"),
    await left("instrumentation-pg"),
  ];
  return [
    // With what is small and would otherwise be a file of its own, and what the spool, which works without the SDK,
    // shares with it.
    {
      name: "core",
      test: (id) => core.has(id) || id.endsWith("/own-ports.ts") || id === join(SRC, "delivery.ts"),
      priority: 3,
    },
    { name: "sdk", test: (id) => sdk.has(id), priority: 2 },
    { name: "instrumentation", test: (id) => one.has(id) && other.has(id), priority: 1 },
    // What several of the files use has a name of its own.
    ...["redaction", "otlp-transformer", "redis-common", "sql-common"].map((name) => ({
      name: `shared-${name}`,
      test: (id: string) => id.includes(`/${name}/`),
      priority: 0,
    })),
  ];
}
