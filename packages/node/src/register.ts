import { isMainThread, parentPort } from "node:worker_threads";
import { isBuildTool } from "./build-tool.ts";
import { writeLine } from "./stderr.ts";

// Node runs a --require preload again on its internal hooks thread, which has no parent port and no application.
if (!isDisabled() && !isBuildTool() && (isMainThread || parentPort !== null)) preload();

// Read here as well as in config.ts: a process that is to have no telemetry loads no file of it.
function isDisabled(): boolean {
  return process.env["OTEL_SDK_DISABLED"]?.trim().toLowerCase() === "true";
}

/** Loads Assay, or says in one sentence why not; the application starts either way. */
function preload(): void {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  // Before anything is loaded: the SDK's own files do not parse or load on an older Node.
  if (major < 22 || (major === 22 && minor < 15)) {
    say(
      `Node ${node} is too old for OpenTelemetry 3, so there is no telemetry; use Node 22.22.3, 24.11.1 or 26, or newer.`,
    );
    return;
  }
  if (!("WebAssembly" in globalThis)) {
    say(
      "there is no WebAssembly here (--jitless), so redaction cannot look into values, and only those leave that the registry has as public or internal; run without --jitless.",
    );
  }
  try {
    (require("./start") as typeof import("./start.ts")).start();
  } catch (error) {
    say(
      `telemetry could not be loaded, the application goes on: ${error instanceof Error ? error.message : "no reason given"}`,
    );
  }
}

function say(sentence: string): void {
  writeLine(`ASSAY_START: ${sentence}`);
}
