import {
  context,
  createNoopLogger,
  createNoopMeter,
  logs,
  metrics,
  propagation,
  ProxyTracerProvider,
  trace,
} from "@opentelemetry/api";
import type { Config } from "./config.ts";
import { createContextManager } from "./context-manager.ts";
import type { Say } from "./diagnostics.ts";
import { flattenContexts } from "./flat-context.ts";
import type { RedactorFor } from "./gate-values.ts";
import { gatedPropagator } from "./propagator.ts";
import type { SelfMetrics } from "./self-metrics.ts";
import type { Telemetry } from "./telemetry.ts";

/**
 * Registers providers with the API. The SDK behind them is loaded and made when someone first asks for a tracer, a meter
 * or a logger, which an instrumentation does when its module is loaded.
 *
 * Gives what has been made, and makes nothing itself. When it cannot be made, that is told in one sentence and the
 * application gets what it would get without an SDK.
 */
export function registerTelemetry(
  config: Config,
  redactorFor: RedactorFor,
  self: SelfMetrics,
  say: Say,
  onMade: (telemetry: Telemetry) => void,
): () => Telemetry | undefined {
  let made: Telemetry | undefined;
  let isTried = false;
  const load = (): Telemetry | undefined => {
    if (isTried) return made;
    isTried = true; // before it is made: a part of it may ask for a meter
    try {
      const { createTelemetry } = require("./telemetry") as typeof import("./telemetry.ts");
      made = createTelemetry(config, redactorFor, self);
      onMade(made);
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown reason";
      say(`telemetry is off, the application goes on: ${reason}`);
    }
    return made;
  };

  flattenContexts();
  context.setGlobalContextManager(createContextManager());
  const propagator = gatedPropagator({
    names: config.propagators,
    redactorFor,
    boundary: config.boundary,
    inbound: config.inbound,
    onFailed: () => self.dropped("traces", "redaction_failed", 1),
  });
  if (propagator !== null) propagation.setGlobalPropagator(propagator);
  const hasErrors = config.sentryDsn !== "";
  if (hasErrors || isUsed(config.tracesExporter)) {
    trace.setGlobalTracerProvider({
      getTracer: (...given) =>
        (load()?.tracerProvider ?? new ProxyTracerProvider()).getTracer(...given),
      ...endings(() => made?.tracerProvider),
    });
  }
  if (isUsed(config.metricsExporter)) {
    metrics.setGlobalMeterProvider({
      getMeter: (...given) => load()?.meterProvider.getMeter(...given) ?? createNoopMeter(),
      ...endings(() => made?.meterProvider),
    });
  }
  if (isUsed(config.logsExporter)) {
    logs.setGlobalLoggerProvider({
      getLogger: (...given) => load()?.loggerProvider.getLogger(...given) ?? createNoopLogger(),
      ...endings(() => made?.loggerProvider),
    });
  }
  // These have a server, and a client, that begin with the process.
  if (hasErrors || config.metricsExporter.includes("prometheus")) load();
  return () => made;
}

function isUsed(exporters: readonly string[]): boolean {
  return exporters.some((exporter) => exporter !== "none");
}

interface Ending {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

// What applications call on a provider that they take from the API.
function endings(provider: () => Ending | undefined): Ending {
  return {
    forceFlush: async () => provider()?.forceFlush(),
    shutdown: async () => provider()?.shutdown(),
  };
}
