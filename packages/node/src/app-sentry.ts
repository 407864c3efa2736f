import {
  InstrumentationBase,
  type InstrumentationModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";
import { gateClients } from "@assay/sentry/envelope-gate";
import { createSay } from "./diagnostics.ts";
import type { RedactorFor } from "./gate-values.ts";
import type { SelfMetrics } from "./self-metrics.ts";
import { shieldLoading } from "./shield.ts";

const CORE = "@sentry/core";

// Where the versions 7 to 11 keep the class of clients. A subpath such as @sentry/core/server loads it without the main
// file.
const CLIENT_FILES = ["build/cjs/client", "build/esm/client"].concat(
  ["cjs", "esm", "build/cjs", "build/esm"].map((folder) => `${folder}/baseclient`),
);

/**
 * Puts each Sentry client that the application makes behind the egress gate, with a SENTRY_DSN and without.
 *
 * Every copy of @sentry/core that the process loads is changed as it loads, by require or by import; until then nothing
 * of Sentry is loaded. A copy that sends in a way that is not known sends nothing, and one sentence says so. A copy
 * inside an application's own bundle is not seen.
 *
 * To be called before the first copy is loaded, and not earlier: nothing else needs what this loads.
 */
export function gateAppSentry(redactorFor: RedactorFor, self: SelfMetrics): void {
  const say = createSay(() => redactorFor("diagnostic"), "ASSAY_SENTRY");
  const onDropped = (reason: string, count: number): void => {
    // What is no error event never leaves, and so is no loss.
    if (reason === "redaction_failed") self.dropped("errors", "redaction_failed", count);
  };
  const told = new Set<string>();
  const gate = <Exports>(exports: Exports, version = "of no version"): Exports => {
    const found = clientClassOf(exports);
    const isGated = found !== undefined && tryGate(found, redactorFor, onDropped);
    if (!isGated && !told.has(version)) {
      told.add(version);
      const outcome = found === undefined ? "it may send what is not redacted" : "it sends nothing";
      say(
        `the application's ${CORE} ${version} cannot be put behind the gate, so ${outcome}; use a version from 7 to 11.`,
      );
    }
    if (!isGated && found !== undefined) silence(found.prototype as Record<string, unknown>);
    return exports;
  };
  hookCore(gate);
}

interface ClientClass {
  prototype: object;
}

// Version 8 and before it call it BaseClient; version 9 exports both.
function clientClassOf(exports: unknown): ClientClass | undefined {
  const { Client, BaseClient } = exports as { Client?: unknown; BaseClient?: unknown };
  return [Client, BaseClient].find((found) => typeof found === "function");
}

function tryGate(
  found: ClientClass,
  redactorFor: RedactorFor,
  onDropped: (reason: string, count: number) => void,
): boolean {
  try {
    return gateClients(found, redactorFor("error", "errors"), onDropped);
  } catch {
    return false; // told by the caller, who silences the class
  }
}

// Every version has sent by methods of these names; callers ignore or await what they give.
function silence(methods: Record<string, unknown>): void {
  for (const name of Object.getOwnPropertyNames(methods)) {
    if (/^_?(capture|send)/.test(name)) methods[name] = () => Promise.resolve({});
  }
}

function hookCore(gate: <Exports>(exports: Exports, version?: string) => Exports): void {
  const supportedVersions = ["*"];
  const core: InstrumentationModuleDefinition = {
    name: CORE,
    supportedVersions,
    includePrerelease: true,
    patch: gate,
    files: CLIENT_FILES.map(
      (file) =>
        new InstrumentationNodeModuleFile(`${CORE}/${file}.js`, supportedVersions, gate, () => {}),
    ),
  };
  class SentryGate extends InstrumentationBase {
    protected override init(): InstrumentationModuleDefinition {
      return core;
    }
  }
  // It hooks at once, and is none of the instrumentations that a variable switches off.
  shieldLoading(CORE, new SentryGate("@assay/node", "0.1.0", {}));
}
