import { diag } from "@opentelemetry/api";
import { CATALOGUE, makeInstrumentation } from "./catalogue.ts";
import type { Config } from "./config.ts";
import { observeFastify } from "./fastify.ts";
import type { Targets } from "./hooks.ts";
import { setFetch, setHttp } from "./request-settings.ts";
import { watchFetch } from "./watch-fetch.ts";

/** Left out because they make a span of every file read, look-up, socket and middleware. */
const NOISE = new Set(["fs", "net", "dns", "router", "connect"]);
/** Upstream leaves it out, too, unless it is asked for. */
const ASKED_FOR = new Set(["host-metrics"]);

/** These watch the process and the host. They would be most of a short process's telemetry, and of its start. */
const METRICS = new Set(["runtime-node", "host-metrics"]);
const METRICS_BEGIN_MS = 1_000;

const CONFIGS: Readonly<Record<string, object>> = {
  // A connection from the pool is a span for every query; the pool's metrics say the same.
  pg: { ignoreConnectSpans: true },
};

/**
 * Ours in the place of upstream's, which make a span of each middleware and handler: they give the server span its route
 * and its errors. Who names one of upstream's in OTEL_NODE_ENABLED_INSTRUMENTATIONS gets that.
 */
const FRAMEWORKS: Readonly<Record<string, () => void>> = {
  express: () => frameworks().observeExpress(),
  hapi: () => frameworks().observeHapi(),
  koa: () => frameworks().observeKoa(),
  "nestjs-core": () => frameworks().observeNest(),
};

function frameworks(): typeof import("./frameworks.ts") {
  return require("./frameworks") as typeof import("./frameworks.ts");
}

function requests(): typeof import("./requests.ts") {
  return require("./requests") as typeof import("./requests.ts");
}

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

/** A configuration file may change settings of ours, but not functions: they are what the rest relies on. */
function optionsOf(name: string, { file }: Config): Readonly<Record<string, unknown>> {
  const own = CONFIGS[name] ?? {};
  const hooks = Object.entries(own).filter(([, value]) => typeof value === "function");
  const declared = file?.declared.instrumentations[name]?.options;
  return { ...own, ...declared, ...Object.fromEntries(hooks) };
}

/** Starts the instrumentations that watch no module, and gives what is to be done for those that do. */
export function startInstrumentations(config: Config): Targets {
  const changed = new Map<string, () => void>();
  const seen = new Map<string, () => void>();
  for (const name of usedInstrumentations(config)) {
    if (name === "http") {
      setHttp(optionsOf(name, config));
      const http = once(name, () => requests().observeHttp(process.getBuiltinModule("http")));
      const https = once(name, () => requests().observeHttps(process.getBuiltinModule("https")));
      seen.set("http", http);
      seen.set("https", () => {
        http();
        https();
      });
    } else if (name === "undici") {
      setFetch(optionsOf(name, config));
      watchFetch((first) => requests().observeFetch(first));
    } else {
      const ours = config.enabledInstrumentations.includes(name) ? undefined : FRAMEWORKS[name];
      const make = once(name, ours ?? (() => makeInstrumentation(name, optionsOf(name, config))));
      for (const target of CATALOGUE[name]!.targets) changed.set(target, make);
      if (METRICS.has(name)) setTimeout(make, METRICS_BEGIN_MS).unref();
      else if (name === "aws-lambda" && process.env["LAMBDA_TASK_ROOT"]) make();
    }
  }
  observeFastify();
  return { changed, seen };
}

function once(name: string, make: () => void): () => void {
  let isMade = false;
  return () => {
    if (isMade) return;
    isMade = true; // before it is made: its file may itself load what it is for
    try {
      make();
    } catch (error) {
      // The application goes on without one that fails.
      diag.error(`the instrumentation ${name} could not be loaded`, error);
    }
  };
}
