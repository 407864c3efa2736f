import type { SamplerConfigModel } from "@opentelemetry/configuration";
import type { DeclaredSampler, ParentPart } from "./declared.ts";

const PARTS: readonly ParentPart[] = [
  "root",
  "remote_parent_sampled",
  "remote_parent_not_sampled",
  "local_parent_sampled",
  "local_parent_not_sampled",
];

/** Reads a sampler; one that Assay does not have is not read, and so is told as not honoured. */
export function readSampler(sampler: SamplerConfigModel): DeclaredSampler | undefined {
  const [kind] = Object.keys(sampler);
  if (kind === "always_on" || kind === "always_off") {
    void sampler[kind];
    return { kind };
  }
  if (kind === "trace_id_ratio_based") {
    return { kind, ratio: sampler.trace_id_ratio_based?.ratio ?? 1 };
  }
  if (kind !== "parent_based") return undefined;
  const given = sampler.parent_based ?? {};
  const parts: Partial<Record<ParentPart, DeclaredSampler>> = {};
  for (const name of PARTS) {
    const part = given[name];
    const made = part === undefined ? undefined : readSampler(part);
    if (made !== undefined) parts[name] = made;
  }
  return { kind, parts };
}
