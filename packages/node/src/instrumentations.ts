import type { IncomingMessage } from "node:http";
import { diag } from "@opentelemetry/api";
import { CATALOGUE, makeInstrumentation } from "./catalogue.ts";
import type { Config } from "./config.ts";
import { ownPorts } from "./own-ports.ts";
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
    ignoreIncomingRequestHook: (request: IncomingMessage) =>
      ownPorts.has(request.socket.localPort ?? -1),
  },
  // A connection from the pool is a span for every query; the pool's metrics say the same.
  pg: { ignoreConnectSpans: true },
  // The route is on the server span; the handler keeps a span of its own because errors are recorded on it.
  express: { ignoreLayersType: ["middleware", "router"] },
};

/**
 * The instrumentations that are used: all but the noisy ones, or those of OTEL_NODE_ENABLED_INSTRUMENTATIONS and no
 * other, in both cases without those of OTEL_NODE_DISABLED_INSTRUMENTATIONS. A configuration file says it of each.
 */
function usedInstrumentations({
  enabledInstrumentations: enabled,
  disabledInstrumentations: disabled,
  file,
}: Config): string[] {
  return Object.keys(CATALOGUE).filter((name) => {
    if (disabled.includes(name)) return false;
    const isAsked = file?.declared.instrumentations[name]?.enabled;
    if (isAsked !== undefined) return isAsked;
    if (enabled.length > 0) return enabled.includes(name);
    return !NOISE.has(name) && !ASKED_FOR.has(name);
  });
}

// The application goes on without one that fails.
function instrument(name: string, config: Config): void {
  try {
    makeInstrumentation(name, optionsOf(name, config));
  } catch (error) {
    diag.error(`the instrumentation ${name} could not be loaded`, error);
  }
}

/** A configuration file may change settings of ours, but not functions: they are what the rest relies on. */
function optionsOf(name: string, { file }: Config): object {
  const own = CONFIGS[name] ?? {};
  const hooks = Object.entries(own).filter(([, value]) => typeof value === "function");
  const declared = file?.declared.instrumentations[name]?.options;
  return { ...own, ...declared, ...Object.fromEntries(hooks) };
}

/**
 * Starts the instrumentations that watch no module, and gives what is to be done for those that do: for each built-in
 * module or package, before it is first loaded.
 */
export function startInstrumentations(config: Config): Map<string, () => void> {
  const targets = new Map<string, () => void>();
  for (const name of usedInstrumentations(config)) {
    const make = once(() => instrument(name, config));
    for (const target of CATALOGUE[name]!.targets) targets.set(target, make);
    if (name === "undici") watchUndici(optionsOf(name, config));
    else if (METRICS.has(name)) setTimeout(make, METRICS_BEGIN_MS).unref();
    else if (name === "aws-lambda" && process.env["LAMBDA_TASK_ROOT"]) make();
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
