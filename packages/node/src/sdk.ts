import {
  context,
  logs,
  metrics,
  propagation,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { getBooleanFromEnv, getNumberFromEnv } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import { LoggerProvider, type LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { type IMetricReader, MeterProvider, type ViewOptions } from "@opentelemetry/sdk-metrics";
import {
  type Sampler,
  type SpanLimits,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Config } from "./config.ts";

export interface SdkOptions {
  resource: Resource;
  /** `null` for none. */
  propagator: TextMapPropagator | null;
  sampler: Sampler;
  spanProcessors: SpanProcessor[];
  metricReaders: IMetricReader[];
  views: ViewOptions[];
  logRecordProcessors: LogRecordProcessor[];
}

/**
 * Makes the providers and registers them with the API, as `NodeSDK` does.
 *
 * `NodeSDK` itself loads each exporter there is. It also cuts log attributes before they are redacted, and has no option
 * against it.
 */
export function startSdk(config: Config, options: SdkOptions): void {
  const { resource, propagator, sampler, spanProcessors, metricReaders, views } = options;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  if (propagator !== null) propagation.setGlobalPropagator(propagator);

  const isObserved = getBooleanFromEnv("OTEL_NODE_EXPERIMENTAL_SDK_METRICS") ?? false;
  let meterProvider: MeterProvider | undefined;
  if (metricReaders.length > 0) {
    const readers = metricReaders;
    meterProvider = new MeterProvider({ resource, views, readers, sdkMetricsEnabled: isObserved });
    metrics.setGlobalMeterProvider(meterProvider);
  }
  const observer = isObserved && meterProvider !== undefined ? { meterProvider } : {};
  if (spanProcessors.length > 0) {
    const spanLimits = readSpanLimits();
    trace.setGlobalTracerProvider(
      new TracerProvider({ resource, sampler, spanProcessors, spanLimits, ...observer }),
    );
  }
  logs.setGlobalLoggerProvider(
    new LoggerProvider({
      resource,
      processors: options.logRecordProcessors,
      logRecordLimits: {
        attributeCountLimit: logAttributeLimit(config),
        attributeValueLengthLimit: Number.POSITIVE_INFINITY,
      },
      ...observer,
    }),
  );
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
