import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import { SpanKind } from "@opentelemetry/api";
import type { Config } from "./config.ts";
import type { DeclaredSampler, ParentPart } from "./declared.ts";

/**
 * Makes the sampler of OTEL_TRACES_SAMPLER and its argument, or that of a configuration file.
 *
 * Upstream reads both by itself, and has two sentences of its own for an argument that is wrong or not there.
 */
export function createSampler({ sampler, samplerRatio, file }: Config): Sampler {
  if (file?.declared.sampler !== undefined) return declaredSampler(file.declared.sampler);
  const [, parentBased = "", name = ""] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const root = rootSampler(name, samplerRatio);
  return recordClients(parentBased === "" ? root : new ParentBasedSampler({ root }));
}

/**
 * Has the spans of requests recorded that are not sampled, and so not exported either.
 *
 * A span that is not recorded does not say where its request goes, so the propagator would send nothing: the next
 * service would take a decision of its own, and keep half a trace.
 */
function recordClients(inner: Sampler): Sampler {
  return {
    shouldSample(context, traceId, name, kind, attributes, links) {
      const result = inner.shouldSample(context, traceId, name, kind, attributes, links);
      const isRequest = kind === SpanKind.CLIENT || kind === SpanKind.PRODUCER;
      return isRequest && result.decision === SamplingDecision.NOT_RECORD
        ? { ...result, decision: SamplingDecision.RECORD }
        : result;
    },
    toString: () => inner.toString(),
  };
}

function rootSampler(name: string, ratio: number): Sampler {
  if (name === "always_off") return new AlwaysOffSampler();
  if (name === "traceidratio") return new TraceIdRatioBasedSampler(ratio);
  return new AlwaysOnSampler();
}

function declaredSampler(declared: DeclaredSampler): Sampler {
  if (declared.kind === "always_on") return new AlwaysOnSampler();
  if (declared.kind === "always_off") return new AlwaysOffSampler();
  if (declared.kind === "trace_id_ratio_based") return new TraceIdRatioBasedSampler(declared.ratio);
  const part = (name: ParentPart, otherwise: Sampler): Sampler => {
    const given = declared.parts[name];
    return given === undefined ? otherwise : declaredSampler(given);
  };
  return new ParentBasedSampler({
    root: part("root", new AlwaysOnSampler()),
    remoteParentSampled: part("remote_parent_sampled", new AlwaysOnSampler()),
    remoteParentNotSampled: part("remote_parent_not_sampled", new AlwaysOffSampler()),
    localParentSampled: part("local_parent_sampled", new AlwaysOnSampler()),
    localParentNotSampled: part("local_parent_not_sampled", new AlwaysOffSampler()),
  });
}
