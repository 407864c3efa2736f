#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { readProjects } from "./bridge-projects.ts";
import { createErrorBridge, type ErrorBridge, type ErrorBridgeOptions } from "./bridge-server.ts";

const { env } = process;
const PROJECTS = "ASSAY_BRIDGE_PROJECTS_FILE";

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : "unknown error");
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const bridge = await createErrorBridge({
    ...destinationOf(),
    setAside: env["ASSAY_BRIDGE_SET_ASIDE"] || undefined,
    host: env["ASSAY_BRIDGE_HOST"] || "127.0.0.1",
    port: wholeNumber("ASSAY_BRIDGE_PORT", 4319, 65_535),
    waitMs: wholeNumber("ASSAY_BRIDGE_WAIT_MS", 2_000, 25_000),
    onDiagnostic: say,
  });
  process.stdout.write(`assay-error-bridge listening on ${bridge.url}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => end(bridge, signal));
}

function say(sentence: string): void {
  process.stderr.write(`assay-error-bridge: ${sentence}.\n`);
}

// What is under way is answered, and what comes now stays in the Collector's queue. A second signal ends at once.
function end(bridge: ErrorBridge, signal: NodeJS.Signals): void {
  void bridge.close().then(() => process.kill(process.pid, signal));
}

function destinationOf(): Pick<ErrorBridgeOptions, "projects" | "dsn" | "dsnVariable"> {
  const file = env[PROJECTS];
  return file === undefined || file === "" ? dsnOf() : { projects: readProjects(file, PROJECTS) };
}

function dsnOf(): { dsn: string; dsnVariable: string } {
  const file = env["ASSAY_SENTRY_DSN_FILE"];
  if (file !== undefined && file !== "") {
    try {
      return { dsn: readFileSync(file, "utf8").trim(), dsnVariable: "ASSAY_SENTRY_DSN_FILE" };
    } catch {
      throw new Error(
        `ASSAY_SENTRY_DSN_FILE is ${JSON.stringify(file)}, which cannot be read; name a file that holds the DSN`,
      );
    }
  }
  const dsn = env["SENTRY_DSN"];
  if (dsn === undefined || dsn === "") {
    throw new Error(
      "SENTRY_DSN is missing; set it to https://PUBLIC_KEY@HOST/PROJECT_ID, ASSAY_SENTRY_DSN_FILE to a file that holds it, or ASSAY_BRIDGE_PROJECTS_FILE to a file of several projects",
    );
  }
  return { dsn, dsnVariable: "SENTRY_DSN" };
}

function wholeNumber(name: string, fallback: number, most: number): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= most) return value;
  throw new Error(`${name} is ${JSON.stringify(text)}; use a whole number from 0 to ${most}`);
}
