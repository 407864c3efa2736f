import { logs } from "@opentelemetry/api";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { createRedactor } from "@assay/redaction";
import { gateAppSentry } from "./app-sentry.ts";
import { readConfig, type Config } from "./config.ts";
import { createSay, redactDiagnostics } from "./diagnostics.ts";
import { startErrors, watchUncaught } from "./errors.ts";
import { type Flush, installExits } from "./exit.ts";
import { createExporters } from "./exporters.ts";
import type { RedactorFor } from "./gate-values.ts";
import { createInstrumentations, observeFastify } from "./instrumentations.ts";
import { gatedPropagator } from "./propagator.ts";
import { createResource } from "./resource.ts";
import { createSampler } from "./sampler.ts";
import { createViews } from "./views.ts";
import { createSelfMetrics, type SelfMetrics } from "./self-metrics.ts";

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
    createSay(
      createRedactor(),
      "ASSAY_START",
    )(`telemetry is off, the application goes on: ${reason}`);
    return async () => false;
  }
}

function assemble(env: NodeJS.ProcessEnv): Flush {
  const sayConfig = createSay(createRedactor(), "ASSAY_CONFIG");
  const config = readConfig(env, sayConfig);
  if (config.disabled) return async () => true;

  const self = createSelfMetrics();
  const redactorFor = redactors(config, self);
  const exporters = createExporters(config, redactorFor, self);
  const resource = createResource("0.1.0");
  const errors = startErrors(config, resource, redactorFor, self);

  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    textMapPropagator: gatedPropagator(config.propagators, redactorFor),
    sampler: createSampler(config),
    spanProcessors: [...exporters.spanProcessors, ...(errors?.spanProcessors ?? [])],
    metricReaders: exporters.metricReaders,
    views: createViews(),
    logRecordProcessors: [],
    // A card number that is cut in half is not recognised: the gate cuts, after redaction.
    spanLimits: { attributeValueLengthLimit: Number.POSITIVE_INFINITY },
    instrumentations: createInstrumentations(config.enabledInstrumentations),
  });
  gateAppSentry(redactorFor, self);
  // NodeSDK has a console logger of its own when OTEL_LOG_LEVEL is set; ours is redacted.
  redactDiagnostics(redactorFor("diagnostic"), config.logLevel);
  sdk.start();
  // NodeSDK takes the length limit of log records from the environment and has no option against it.
  logs.disable();
  logs.setGlobalLoggerProvider(
    new LoggerProvider({
      resource,
      processors: exporters.logRecordProcessors,
      logRecordLimits: {
        attributeCountLimit: logAttributeLimit(config),
        attributeValueLengthLimit: Number.POSITIVE_INFINITY,
      },
    }),
  );
  observeFastify();
  watchUncaught(errors?.client, self);
  return installExits({
    config,
    exporters,
    errors: errors?.client,
    say: createSay(redactorFor("diagnostic"), "ASSAY_EXIT"),
  });
}

function logAttributeLimit({ attributeCount, logAttributeCount }: Config): number {
  return Number.isFinite(logAttributeCount) ? logAttributeCount : attributeCount;
}

function redactors(config: Config, self: SelfMetrics): RedactorFor {
  const made = new Map<string, ReturnType<RedactorFor>>();
  return (surface, signal) => {
    const known = made.get(`${surface} ${signal}`);
    if (known !== undefined) return known;
    const redactor = createRedactor({
      truncateAt: config.valueLength,
      ...(config.pseudonymKeys.length === 0 ? {} : { pseudonymKeys: config.pseudonymKeys }),
      onFinding: (finding) => self.found(surface, signal, finding),
    });
    made.set(`${surface} ${signal}`, redactor);
    return redactor;
  };
}
