// Writes docs/alerts.md from src/alert-rules.ts.
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";

// The package is CommonJS and its sources are written as modules: Node takes them as such only when told.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".ts") ? { ...context, format: "module-typescript" } : context),
});
const { alertPage } = await import("../src/alert-page.ts");

writeFileSync(join(import.meta.dirname, "../docs/alerts.md"), alertPage());
