// Writes everything that comes from registry/*.yaml. `--check` compares instead and exits 1 on a difference.
import { mkdirSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { dirname, join } from "node:path";

// The package is CommonJS and its sources are written as modules: Node takes them as such only when told.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".ts") ? { ...context, format: "module-typescript" } : context),
});
const { counts, differences, outputs } = await import("./outputs.mts");
const { prometheusNameOf } = await import("./prometheus.mts");

const root = join(import.meta.dirname, "../../..");
const isCheck = process.argv.includes("--check");
try {
  const made = await outputs(root, prometheusNameOf);
  const changed = differences(root, made);
  if (isCheck)
    for (const path of changed)
      console.error(`${path} is not what the registry says; run npm run generate.`);
  else for (const path of changed) write(join(root, path), made.files.get(path)!);
  console.log(`semconv: ${counts(made)}.`);
  process.exitCode = isCheck && changed.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
