import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cacheFolder } from "../../scripts/backends.mjs";
import type { Preload } from "./startup-cost.ts";

const { resolve } = createRequire(import.meta.url);

/** Bare Node, upstream and Assay, in this order. */
export const CONTENDERS: readonly Preload[] = [
  { name: "bare Node" },
  {
    name: "upstream's register 0.82",
    file: resolve("@opentelemetry/auto-instrumentations-node/register"),
  },
  // The start line is one that an operator switches off, as those of the others are.
  {
    name: "Assay",
    file: resolve("@assay/node/register"),
    env: { ASSAY_START_LINE: "false" },
  },
];

const OTHERS = { "dd-trace": "6.21.0", "@elastic/opentelemetry-node": "1.18.0" };

/** Others' distributions, installed into a folder of the cache when they are not there. */
export function otherContenders(): Preload[] {
  const folder = join(cacheFolder(), "bench-startup");
  const isThere = Object.keys(OTHERS).every((name) =>
    existsSync(join(folder, "node_modules", name, "package.json")),
  );
  if (!isThere) {
    mkdirSync(folder, { recursive: true });
    const manifest = { private: true, dependencies: OTHERS };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
    const { status } = spawnSync("npm", install, { cwd: folder, stdio: "inherit" });
    if (status !== 0) throw new Error(`npm could not install them into ${folder}.`);
  }
  const found = createRequire(join(folder, "package.json"));
  return [
    {
      name: `dd-trace ${OTHERS["dd-trace"]}`,
      file: found.resolve("dd-trace/init"),
      env: { DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false", DD_TRACE_STARTUP_LOGS: "false" },
    },
    {
      name: `Elastic ${OTHERS["@elastic/opentelemetry-node"]}`,
      file: join(folder, "node_modules/@elastic/opentelemetry-node/require.js"),
      env: { OTEL_LOG_LEVEL: "none" },
    },
  ];
}
