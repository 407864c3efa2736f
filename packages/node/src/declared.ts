import type { Config } from "./config.ts";

/** A sampler as the configuration file nests it. */
export type DeclaredSampler =
  | { kind: "always_on" }
  | { kind: "always_off" }
  | { kind: "trace_id_ratio_based"; ratio: number }
  | { kind: "parent_based"; parts: Partial<Record<ParentPart, DeclaredSampler>> };

/** Whom a parent-based sampler asks, by the parent. */
export type ParentPart =
  | "root"
  | "remote_parent_sampled"
  | "remote_parent_not_sampled"
  | "local_parent_sampled"
  | "local_parent_not_sampled";

/** The resource: attributes of the file, and which of Assay's own stay. */
export interface DeclaredResource {
  attributes: Record<string, string | number | boolean | string[] | number[] | boolean[]>;
  schemaUrl?: string;
  /** "host", "process" and "service"; all of them when the file says nothing. */
  detectors?: string[];
  /** Names that detectors may give and may not, with `*` for any characters. */
  included?: string[];
  excluded?: string[];
}

/** A view; `aggregation` has the file's name of it. */
export interface DeclaredView {
  instrumentName?: string;
  instrumentType?: string;
  instrumentUnit?: string;
  meterName?: string;
  meterVersion?: string;
  meterSchemaUrl?: string;
  name?: string;
  description?: string;
  aggregation?: { kind: string; boundaries?: number[]; recordMinMax?: boolean; maxSize?: number };
  cardinality?: number;
  included?: string[];
  excluded?: string[];
}

/** What a metric reader has beyond the rows of config.ts. */
export interface DeclaredReader {
  intervalMs?: number;
  temporality?: "cumulative" | "delta" | "low_memory";
  histogram?: "explicit_bucket_histogram" | "base2_exponential_bucket_histogram";
  cardinality?: Partial<Record<string, number>>;
  batchSize?: number;
}

/** Settings of an instrumentation, by upstream's names of them. */
export interface DeclaredInstrumentation {
  enabled?: boolean;
  options: Record<string, unknown>;
}

/** What a configuration file says and no variable could. */
export interface Declared {
  sampler?: DeclaredSampler;
  resource: DeclaredResource;
  views: DeclaredView[];
  /** By "otlp", "console" and "prometheus". */
  readers: Partial<Record<string, DeclaredReader>>;
  /** By the names of the catalogue. */
  instrumentations: Partial<Record<string, DeclaredInstrumentation>>;
  /** Characters kept of a value of one signal, "traces" or "logs". */
  valueLengths: Partial<Record<string, number>>;
  /** Parameters of URLs whose values are removed, beside those that Assay removes anyway. */
  queryParameters: string[];
}

/** A configuration file, in place of the OTEL_* variables of the environment. */
export interface FromFile {
  /** The environment without its OTEL_* variables, with those that the file gives instead. */
  env: NodeJS.ProcessEnv;
  /** Where in the file the value of a variable stands, by the variable. */
  places: Readonly<Record<string, string>>;
  declared: Declared;
}

/** Gives the variables that hold: those of the environment, or what a configuration file has in their place. */
export function envOf({ file }: Pick<Config, "file">): NodeJS.ProcessEnv {
  return file?.env ?? process.env;
}
