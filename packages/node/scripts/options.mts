// Writes the README's options table from src/config.ts.
import { readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { withOptions } from "./options-table.mts";

// The package is CommonJS and its sources are written as modules: Node takes them as such only when told.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".ts") ? { ...context, format: "module-typescript" } : context),
});
const { options } = await import("../src/options.ts");

const path = join(import.meta.dirname, "../../../README.md");
const readme = readFileSync(path, "utf8");
const rows = options();
writeFileSync(path, withOptions(readme, rows));
console.log(`README.md: ${rows.length} options.`);
