import type { Span as ApiSpan } from "@opentelemetry/api";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOnSampler,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { createTracerProvider } from "../src/tracer-provider.ts";

export const resource: Resource = resourceFromAttributes({ "service.name": "pay", replicas: 2 });
export const sampler: Sampler = new ParentBasedSampler({ root: new AlwaysOnSampler() });

/** A processor that keeps what it gets. */
export function collector(): SpanProcessor & { spans: ReadableSpan[]; started: ApiSpan[] } {
  const spans: ReadableSpan[] = [];
  const started: ApiSpan[] = [];
  return {
    spans,
    started,
    onStart: (span) => started.push(span),
    onEnd: (span) => spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** A provider of ours, and what its spans became. */
export function made({ by = sampler }: { by?: Sampler } = {}): ReturnType<typeof collector> & {
  provider: ReturnType<typeof createTracerProvider>;
} {
  const processor = collector();
  const provider = createTracerProvider({ resource, sampler: by, spanProcessors: [processor] });
  return { ...processor, provider };
}
