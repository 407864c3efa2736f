import type {
  MeterProvider,
  Tracer,
  TracerProvider as ApiTracerProvider,
} from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { Sampler, SpanLimits, SpanProcessor } from "@opentelemetry/sdk-trace";
import { createSpanMetrics } from "./span-metrics.ts";
import { createTracer } from "./tracer.ts";

export interface TracerProviderOptions {
  resource: Resource;
  sampler: Sampler;
  /** Whether the sampler looks at the attributes that a span starts with. Default: it does. */
  samplerReadsAttributes?: boolean;
  spanProcessors: readonly SpanProcessor[];
  /** Counts only; values are cut at the gate. */
  spanLimits?: SpanLimits;
  /** Where the metrics of the SDK itself go. Default: there are none. */
  meterProvider?: MeterProvider;
}

/** What upstream's provider is to applications, of which the same one is given for the same scope. */
export interface TracerProvider extends ApiTracerProvider {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Makes the provider of tracers whose spans are ours. */
export function createTracerProvider({
  resource,
  sampler,
  samplerReadsAttributes = true,
  spanProcessors,
  spanLimits = {},
  meterProvider,
}: TracerProviderOptions): TracerProvider {
  const limits = {
    attributeCountLimit: 128,
    eventCountLimit: 128,
    linkCountLimit: 128,
    attributePerEventCountLimit: 128,
    attributePerLinkCountLimit: 128,
    ...spanLimits,
    attributeValueLengthLimit: Number.POSITIVE_INFINITY,
  };
  const meter = meterProvider?.getMeter("@assay/node");
  const metrics = meter === undefined ? undefined : createSpanMetrics(meter);
  const tracers = new Map<string, Tracer>();
  return {
    getTracer(name, version, options) {
      const key = `${name}@${version ?? ""}:${options?.schemaUrl ?? ""}`;
      const known = tracers.get(key);
      if (known !== undefined) return known;
      const scope = {
        name,
        ...(version === undefined ? {} : { version }),
        ...(options?.schemaUrl === undefined ? {} : { schemaUrl: options.schemaUrl }),
      };
      const tracer = createTracer({
        resource,
        scope,
        limits,
        processors: spanProcessors,
        sampler,
        samplerReadsAttributes,
        metrics,
      });
      tracers.set(key, tracer);
      return tracer;
    },
    forceFlush: async () => {
      await Promise.all(spanProcessors.map((processor) => processor.forceFlush()));
    },
    shutdown: async () => {
      await Promise.all(spanProcessors.map((processor) => processor.shutdown()));
    },
  };
}
