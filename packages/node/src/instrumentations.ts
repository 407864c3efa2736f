import type { IncomingMessage } from "node:http";
import { diag } from "@opentelemetry/api";
import { CATALOGUE, makeInstrumentation } from "./catalogue.ts";
import type { Config } from "./config.ts";
import type { Say } from "./diagnostics.ts";
import { isOwnRequest } from "./own-ports.ts";
import { expectSpansOf, seen } from "./seen.ts";
import { watchUndici } from "./undici.ts";

/** Left out because they make a span of every file read, look-up, socket and middleware. */
const NOISE = new Set(["fs", "net", "dns", "router", "connect"]);
/** Upstream leaves it out, too, unless it is asked for. */
const ASKED_FOR = new Set(["host-metrics"]);

/** These watch the process and the host. They would be most of a short process's telemetry, and of its start. */
const METRICS = new Set(["runtime-node", "host-metrics"]);
const METRICS_BEGIN_MS = 1_000;

const CONFIGS: Readonly<Record<string, object>> = {
  http: {
    ignoreIncomingRequestHook: (request: IncomingMessage) => isOwnRequest(request),
  },
  // A connection from the pool is a span for every query; the pool's metrics say the same.
  pg: { ignoreConnectSpans: true },
  // The route is on the server span; the handler keeps a span of its own because errors are recorded on it.
  express: { ignoreLayersType: ["middleware", "router"] },
  // These write the ids into the application's own lines; sending is the bridges'.
  pino: { disableLogSending: true },
  winston: { disableLogSending: true },
  bunyan: { disableLogSending: true },
};

/** What sends the lines of loggers; each is loaded with its logger. */
const BRIDGES: Readonly<Record<string, (say: Say) => void>> = {
  pino: (say) => (require("./log-pino") as typeof import("./log-pino.ts")).bridgePino(say),
  winston: (say) =>
    (require("./log-winston") as typeof import("./log-winston.ts")).bridgeWinston(say),
  bunyan: () => (require("./log-bunyan") as typeof import("./log-bunyan.ts")).bridgeBunyan(),
};

/**
 * The instrumentations that are used: all but the noisy ones, or those of OTEL_NODE_ENABLED_INSTRUMENTATIONS and no
 * other, in both cases without those of OTEL_NODE_DISABLED_INSTRUMENTATIONS.
 */
function usedInstrumentations({
  enabledInstrumentations: enabled,
  disabledInstrumentations: disabled,
}: Config): string[] {
  return Object.keys(CATALOGUE).filter((name) => {
    if (disabled.includes(name)) return false;
    if (enabled.length > 0) return enabled.includes(name);
    return !NOISE.has(name) && !ASKED_FOR.has(name);
  });
}

// The application goes on without one that fails.
function instrument(name: string, bridge: ((say: Say) => void) | undefined, say: Say): void {
  try {
    makeInstrumentation(name, CONFIGS[name] ?? {});
    bridge?.(say);
    seen.instrumented.add(name);
  } catch (error) {
    diag.error(`the instrumentation ${name} could not be loaded`, error);
  }
}

/**
 * Starts the instrumentations that watch no module, and gives what is to be done for those that do: for each built-in
 * module or package, before it is first loaded.
 */
export function startInstrumentations(config: Config, say: Say): Map<string, () => void> {
  const targets = new Map<string, () => void>();
  const sendsLogs = config.logsExporter.some((exporter) => exporter !== "none");
  const used = usedInstrumentations(config);
  for (const name of used) {
    const make = once(() => instrument(name, sendsLogs ? BRIDGES[name] : undefined, say));
    for (const target of CATALOGUE[name]!.targets) targets.set(target, make);
    if (name === "undici") {
      watchUndici();
      seen.instrumented.add(name);
    } else if (METRICS.has(name)) setTimeout(make, METRICS_BEGIN_MS).unref();
    else if (name === "aws-lambda" && process.env["LAMBDA_TASK_ROOT"]) make();
  }
  const unused = Object.keys(CATALOGUE).filter((name) => !used.includes(name) && !NOISE.has(name));
  expectSpansOf(unused.flatMap((name) => CATALOGUE[name]!.targets));
  if (sendsLogs && config.consoleLogs !== "none") {
    const { bridgeConsole } = require("./log-console") as typeof import("./log-console.ts");
    bridgeConsole(config.consoleLogs);
  }
  return targets;
}

function once(make: () => void): () => void {
  let isMade = false;
  return () => {
    if (isMade) return;
    isMade = true; // before it is made: its file may itself load what it is for
    make();
  };
}
