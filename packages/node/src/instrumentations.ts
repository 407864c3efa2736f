import { diag } from "@opentelemetry/api";
import { CATALOGUE, makeInstrumentation } from "./catalogue.ts";
import type { Config } from "./config.ts";
import type { Say } from "./diagnostics.ts";
import { observeFastify } from "./fastify.ts";
import type { Targets } from "./hooks.ts";
import { setFetch, setHttp } from "./request-settings.ts";
import { expectSpansOf, seen } from "./seen.ts";
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
export function startInstrumentations(config: Config, say: Say): Targets {
  const changed = new Map<string, () => void>();
  const noticed = new Map<string, () => void>();
  const sendsLogs = config.logsExporter.some((exporter) => exporter !== "none");
  const used = usedInstrumentations(config);
  for (const name of used) {
    if (name === "http") {
      setHttp(optionsOf(name, config));
      const http = once(name, () => requests().observeHttp(process.getBuiltinModule("http")));
      const https = once(name, () => requests().observeHttps(process.getBuiltinModule("https")));
      noticed.set("http", http);
      noticed.set("https", () => {
        http();
        https();
      });
    } else if (name === "undici") {
      setFetch(optionsOf(name, config));
      watchFetch((first) => requests().observeFetch(first));
      seen.instrumented.add(name);
    } else {
      const ours = config.enabledInstrumentations.includes(name) ? undefined : FRAMEWORKS[name];
      const make = once(name, () => {
        if (ours === undefined) {
          const made = makeInstrumentation(name, optionsOf(name, config));
          if (name === "pg") (require("./pools") as typeof import("./pools.ts")).readPools(made);
        } else ours();
        if (sendsLogs) BRIDGES[name]?.(say);
      });
      for (const target of CATALOGUE[name]!.targets) changed.set(target, make);
      if (METRICS.has(name)) setTimeout(make, METRICS_BEGIN_MS).unref();
      else if (name === "aws-lambda" && process.env["LAMBDA_TASK_ROOT"]) make();
    }
  }
  observeFastify();
  const unused = Object.keys(CATALOGUE).filter((name) => !used.includes(name) && !NOISE.has(name));
  expectSpansOf(unused.flatMap((name) => CATALOGUE[name]!.targets));
  if (sendsLogs && config.consoleLogs !== "none") {
    const { bridgeConsole } = require("./log-console") as typeof import("./log-console.ts");
    bridgeConsole(config.consoleLogs);
  }
  return { changed, seen: noticed };
}

function once(name: string, make: () => void): () => void {
  let isMade = false;
  return () => {
    if (isMade) return;
    isMade = true; // before it is made: its file may itself load what it is for
    try {
      make();
      seen.instrumented.add(name);
    } catch (error) {
      // The application goes on without one that fails.
      diag.error(`the instrumentation ${name} could not be loaded`, error);
    }
  };
}
