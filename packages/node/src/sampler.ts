import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import type { Config } from "./config.ts";

/**
 * Makes the sampler of OTEL_TRACES_SAMPLER and its argument.
 *
 * Upstream reads both by itself, and has two sentences of its own for an argument that is wrong or not there.
 */
export function createSampler({ sampler, samplerRatio }: Config): Sampler {
  const [, parentBased = "", name = ""] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const root = rootSampler(name, samplerRatio);
  return parentBased === "" ? root : new ParentBasedSampler({ root });
}

function rootSampler(name: string, ratio: number): Sampler {
  if (name === "always_off") return new AlwaysOffSampler();
  if (name === "traceidratio") return new TraceIdRatioBasedSampler(ratio);
  return new AlwaysOnSampler();
}
