import { getBooleanFromEnv, getNumberFromEnv } from "@opentelemetry/core";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { type SpanLimits, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Config } from "./config.ts";
import { type Errors, startErrors } from "./errors.ts";
import { createExporters, type Exporters } from "./exporters.ts";
import type { RedactorFor } from "./gate-values.ts";
import { createResource, metricResource } from "./resource.ts";
import { createSampler } from "./sampler.ts";
import { countScans } from "./scan-counters.ts";
import type { SelfMetrics } from "./self-metrics.ts";
import { shieldLogProcessors, shieldSpanProcessors } from "./shield.ts";
import { createViews } from "./views.ts";

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
  const exporters = createExporters(config, redactorFor, self);
  const resource = createResource("0.1.0");
  const errors = startErrors(config, resource, redactorFor, self);
  const isObserved = getBooleanFromEnv("OTEL_NODE_EXPERIMENTAL_SDK_METRICS") ?? false;
  const meterProvider = new MeterProvider({
    resource: metricResource(resource),
    views: createViews(),
    readers: exporters.metricReaders,
    sdkMetricsEnabled: isObserved,
  });
  countScans(meterProvider.getMeter("@assay/node"));
  const observer = isObserved ? { meterProvider } : {};
  const tracerProvider = new TracerProvider({
    resource,
    sampler: createSampler(config),
    spanProcessors: [
      shieldSpanProcessors([...exporters.spanProcessors, ...(errors?.spanProcessors ?? [])], () =>
        self.dropped("traces", "internal_error", 1),
      ),
    ],
    spanLimits: readSpanLimits(),
    ...observer,
  });
  const loggerProvider = new LoggerProvider({
    resource,
    processors: [
      shieldLogProcessors(exporters.logRecordProcessors, () =>
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

function logAttributeLimit({ attributeCount, logAttributeCount }: Config): number {
  return Number.isFinite(logAttributeCount) ? logAttributeCount : attributeCount;
}

const ALL = "OTEL_ATTRIBUTE_COUNT_LIMIT";

// The values have been checked by config.ts, which takes wrong ones out of the environment.
function readSpanLimits(): SpanLimits {
  const limits: Record<string, number | undefined> = {
    attributeCountLimit: first("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", ALL),
    eventCountLimit: first("OTEL_SPAN_EVENT_COUNT_LIMIT"),
    linkCountLimit: first("OTEL_SPAN_LINK_COUNT_LIMIT"),
    attributePerEventCountLimit: first("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", ALL),
    attributePerLinkCountLimit: first("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", ALL),
  };
  const set = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  return {
    ...(Object.fromEntries(set) as SpanLimits),
    // A card number that is cut in half is not recognised: the gate cuts, after redaction.
    attributeValueLengthLimit: Number.POSITIVE_INFINITY,
  };
}

function first(...names: string[]): number | undefined {
  return names.map((name) => getNumberFromEnv(name)).find((value) => value !== undefined);
}
