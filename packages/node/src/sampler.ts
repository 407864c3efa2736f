import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
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
  return parentBased === "" ? root : new ParentBasedSampler({ root });
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
