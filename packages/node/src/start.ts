import { createSay, redactDiagnostics, type Say } from "./diagnostics.ts";
import { type Config, readConfig } from "./config.ts";
import { watchUncaught } from "./errors.ts";
import { endThread, installExits } from "./exit.ts";
import type { Flush } from "./flush.ts";
import { hookModules, seesImports } from "./hooks.ts";
import { startInstrumentations } from "./instrumentations.ts";
import { lazy } from "./lazy.ts";
import { createRedactors, plainRedactor } from "./redactors.ts";
import { registerTelemetry } from "./register-telemetry.ts";
import type { RedactorFor } from "./gate-values.ts";
import { noticeEarly } from "./seen.ts";
import { createSelfMetrics, type SelfMetrics } from "./self-metrics.ts";
import type { Spool } from "./spool.ts";
import { sayStart } from "./start-line.ts";
import { showTelemetry } from "./telemetry-state.ts";
import { joinThreads } from "./threads.ts";

const STARTED = Symbol.for("assay.node.started");

/**
 * Starts Assay in this process, once however often it is called.
 *
 * Reads its configuration from the environment. Never throws and never ends the application: what cannot be started is
 * told in one sentence on stderr.
 */
export function start(): Flush {
  const shared = globalThis as { [STARTED]?: Flush };
  shared[STARTED] ??= startOnce();
  return shared[STARTED];
}

function startOnce(): Flush {
  try {
    return assemble(process.env);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown reason";
    createSay(plainRedactor, "ASSAY_START")(`telemetry is off, the application goes on: ${reason}`);
    return async () => false;
  }
}

function assemble(env: NodeJS.ProcessEnv): Flush {
  const config = readConfig(env, createSay(lazy(plainRedactor), "ASSAY_CONFIG"));
  if (config.disabled) return async () => true;

  const threads = joinThreads();
  const self = createSelfMetrics();
  const redactorFor = createRedactors(config, self);
  const say = createSay(() => redactorFor("diagnostic"), "ASSAY_START");
  redactDiagnostics(() => redactorFor("diagnostic"), config.logLevel);
  const telemetry = registerTelemetry(config, redactorFor, self, say, ({ exporters }) =>
    threads.listen((end) => endThread(exporters, end)),
  );
  showTelemetry(telemetry);
  const targets = startInstrumentations(
    config,
    createSay(() => redactorFor("diagnostic"), "ASSAY_LOGS"),
  );
  targets.changed.set("@sentry/core", () => {
    const { gateAppSentry } = require("./app-sentry") as typeof import("./app-sentry.ts");
    gateAppSentry(redactorFor, self);
  });
  noticeEarly(targets.changed);
  hookModules(targets);
  // Node uses these itself, so that they work in applications that never require them.
  for (const name of ["fs", "net", "dns"]) if (targets.changed.has(name)) require(name);
  if (!seesImports) {
    say(
      `Node ${process.versions.node} has no synchronous module hooks, so ES modules are not instrumented; use Node 22.22.3, 24.11.1 or 26, or newer.`,
    );
  }
  sayStart(config, env);
  const spool = openSpool(config, redactorFor, self, say);
  const thrown = watchUncaught(() => telemetry()?.errors?.client, self);
  return installExits({
    config,
    telemetry,
    thrown,
    threads,
    spool,
    say: createSay(() => redactorFor("diagnostic"), "ASSAY_EXIT"),
  });
}

// Its part is loaded only where there is a folder for it.
function openSpool(
  config: Config,
  redactorFor: RedactorFor,
  self: SelfMetrics,
  say: Say,
): Spool | undefined {
  if (config.spoolDir === "") return undefined;
  try {
    return (require("./spool") as typeof import("./spool.ts")).spoolOf(config, redactorFor, self);
  } catch (error) {
    config.spoolDir = "";
    say(`nothing is spooled: ${error instanceof Error ? error.message : "no reason given"}.`);
    return undefined;
  }
}
