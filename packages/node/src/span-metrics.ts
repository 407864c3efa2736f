import type { Meter, SpanContext } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace";

/** Counts spans that start and that are open, as OTEL_NODE_EXPERIMENTAL_SDK_METRICS asks for. */
export interface SpanMetrics {
  /** Gives what is to be called at the span's end; nothing of one that is not recorded. */
  started(parent: SpanContext | undefined, decision: SamplingDecision): (() => void) | undefined;
}

// As the semantic conventions spell them, which is not as the API does.
const RESULTS = {
  [SamplingDecision.NOT_RECORD]: "DROP",
  [SamplingDecision.RECORD]: "RECORD_ONLY",
  [SamplingDecision.RECORD_AND_SAMPLED]: "RECORD_AND_SAMPLE",
};

export function createSpanMetrics(meter: Meter): SpanMetrics {
  const started = meter.createCounter("otel.sdk.span.started", {
    unit: "{span}",
    description: "The number of created spans.",
  });
  const live = meter.createUpDownCounter("otel.sdk.span.live", {
    unit: "{span}",
    description: "The number of currently live spans.",
  });
  return {
    started(parent, decision) {
      const sampled = { "otel.span.sampling_result": RESULTS[decision] };
      started.add(1, { ...sampled, "otel.span.parent.origin": originOf(parent) });
      if (decision === SamplingDecision.NOT_RECORD) return undefined;
      live.add(1, sampled);
      return () => live.add(-1, sampled);
    },
  };
}

function originOf(parent: SpanContext | undefined): string {
  if (parent === undefined) return "none";
  return parent.isRemote === true ? "remote" : "local";
}
