import {
  type Context,
  context as contextApi,
  INVALID_SPAN_CONTEXT,
  type Span as ApiSpan,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  trace,
  TraceFlags,
  type Tracer,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { type Sampler, SamplingDecision } from "@opentelemetry/sdk-trace";
import { Span, type SpanSource } from "./span.ts";
import { SpanAttributes } from "./span-attributes.ts";
import { newSpanId, newTraceId } from "./span-ids.ts";
import type { SpanMetrics } from "./span-metrics.ts";

export interface TracerOptions extends SpanSource {
  sampler: Sampler;
  /** Whether the sampler looks at the attributes, which have to be cleaned for it. */
  samplerReadsAttributes: boolean;
  metrics: SpanMetrics | undefined;
}

/** Makes what starts spans; a span that is not sampled costs its ids. */
export function createTracer(options: TracerOptions): Tracer {
  const { sampler, samplerReadsAttributes, metrics, limits } = options;

  const startSpan = (
    name: string,
    optional?: SpanOptions,
    active: Context = contextApi.active(),
  ): ApiSpan => {
    const given = optional ?? {};
    const context = given.root === true ? trace.deleteSpan(active) : active;
    if (isTracingSuppressed(context)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const outer = trace.getSpan(context)?.spanContext();
    const parent = outer !== undefined && trace.isSpanContextValid(outer) ? outer : undefined;
    const traceId = parent?.traceId ?? newTraceId();
    const kind = typeof given.kind === "number" ? given.kind : SpanKind.INTERNAL;
    const read = samplerReadsAttributes ? startAttributes(given, Infinity).object() : {};
    const sampled = sampler.shouldSample(context, traceId, name, kind, read, given.links ?? []);
    const { decision } = sampled;
    const onEnd = metrics?.started(outer, decision);
    const spanId = newSpanId();
    const traceFlags =
      decision === SamplingDecision.RECORD_AND_SAMPLED ? TraceFlags.SAMPLED : TraceFlags.NONE;
    const traceState = sampled.traceState ?? parent?.traceState;
    const spanContext: SpanContext =
      traceState === undefined
        ? { traceId, spanId, traceFlags }
        : { traceId, spanId, traceFlags, traceState };
    if (decision === SamplingDecision.NOT_RECORD) return trace.wrapSpanContext(spanContext);
    const attributes = startAttributes(given, limits.attributeCountLimit);
    if (sampled.attributes !== undefined) attributes.start(sampled.attributes);
    const { links, startTime } = given;
    const parentSpanContext = parent;
    const start = {
      name,
      kind,
      spanContext,
      parentSpanContext,
      attributes,
      links,
      startTime,
      onEnd,
    };
    return new Span(options, start, context);
  };

  return {
    startSpan,
    startActiveSpan(name: string, ...rest: unknown[]) {
      if (rest.length === 0) return undefined;
      const work = rest.at(-1) as (span: ApiSpan) => unknown;
      const given = (rest.length > 1 ? rest[0] : undefined) as SpanOptions | undefined;
      const outer =
        ((rest.length > 2 ? rest[1] : undefined) as Context | undefined) ?? contextApi.active();
      const span = startSpan(name, given, outer);
      return contextApi.with(trace.setSpan(outer, span), work, undefined, span);
    },
  };
}

function startAttributes({ attributes }: SpanOptions, limit: number): SpanAttributes {
  const kept = new SpanAttributes(limit);
  if (typeof attributes === "object" && attributes !== null) kept.start(attributes);
  return kept;
}
