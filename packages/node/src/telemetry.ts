import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { SpanLimits } from "@opentelemetry/sdk-trace";
import type { Config } from "./config.ts";
import { markRecords, markSpans } from "./context-attributes.ts";
import { envOf } from "./declared.ts";
import { type Errors, startErrors } from "./errors.ts";
import { createExporters, type Exporters, logAttributeLimit } from "./exporters.ts";
import type { RedactorFor } from "./gate-values.ts";
import { linkCallers } from "./inbound.ts";
import { createResource, metricResource } from "./resource.ts";
import { createSampler } from "./sampler.ts";
import { countScans } from "./scan-counters.ts";
import type { SelfMetrics } from "./self-metrics.ts";
import { shieldLogProcessors, shieldSpanProcessors } from "./shield.ts";
import { createTracerProvider, type TracerProvider } from "./tracer-provider.ts";
import { createViews, guardInstruments } from "./views.ts";

/** The providers, and the ways out behind them. */
export interface Telemetry {
  tracerProvider: TracerProvider;
  meterProvider: MeterProvider;
  loggerProvider: LoggerProvider;
  exporters: Exporters;
  errors: Errors | undefined;
}

/**
 * Makes the providers as `NodeSDK` does, with exporters behind the gate.
 *
 * `NodeSDK` itself loads each exporter there is. It also cuts log attributes before they are redacted, and has no option
 * against it.
 */
export function createTelemetry(
  config: Config,
  redactorFor: RedactorFor,
  self: SelfMetrics,
): Telemetry {
  const env = envOf(config);
  const exporters = createExporters(config, redactorFor, self);
  const resource = createResource("0.1.0", config.file?.declared.resource);
  const errors = startErrors(config, resource, redactorFor, self);
  const isObserved = env["OTEL_NODE_EXPERIMENTAL_SDK_METRICS"]?.toLowerCase() === "true";
  const meterProvider = new MeterProvider({
    resource: metricResource(resource),
    views: createViews(config.file?.declared.views),
    readers: exporters.metricReaders,
    sdkMetricsEnabled: isObserved,
  });
  guardInstruments(meterProvider, exporters.labelGuard);
  countScans(meterProvider.getMeter("@assay/node"));
  const observer = isObserved ? { meterProvider } : {};
  const tracerProvider = createTracerProvider({
    resource,
    sampler: createSampler(config),
    // Those of OTEL_TRACES_SAMPLER decide by the parent and the trace id.
    samplerReadsAttributes: false,
    spanProcessors: [
      shieldSpanProcessors(
        [
          ...(config.inbound === "link" ? [linkCallers()] : []),
          markSpans(),
          ...exporters.spanProcessors,
          ...(errors?.spanProcessors ?? []),
        ],
        () => self.dropped("traces", "internal_error", 1),
      ),
    ],
    spanLimits: readSpanLimits(env),
    ...observer,
  });
  const loggerProvider = new LoggerProvider({
    resource,
    processors: [
      shieldLogProcessors([markRecords(), ...exporters.logRecordProcessors], () =>
        self.dropped("logs", "internal_error", 1),
      ),
    ],
    logRecordLimits: {
      attributeCountLimit: logAttributeLimit(config),
      attributeValueLengthLimit: Number.POSITIVE_INFINITY,
    },
    ...observer,
  });
  return { tracerProvider, meterProvider, loggerProvider, exporters, errors };
}

const ALL = "OTEL_ATTRIBUTE_COUNT_LIMIT";

// The values have been checked by config.ts, which takes wrong ones out of the environment.
function readSpanLimits(env: NodeJS.ProcessEnv): SpanLimits {
  const first = (...names: string[]): number | undefined => {
    const found = names.map((name) => env[name]).find((value) => value !== undefined);
    return found === undefined ? undefined : Number(found);
  };
  const limits: Record<string, number | undefined> = {
    attributeCountLimit: first("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", ALL),
    eventCountLimit: first("OTEL_SPAN_EVENT_COUNT_LIMIT"),
    linkCountLimit: first("OTEL_SPAN_LINK_COUNT_LIMIT"),
    attributePerEventCountLimit: first("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", ALL),
    attributePerLinkCountLimit: first("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", ALL),
  };
  const set = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  return Object.fromEntries(set);
}
