import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { resolveSignals } from "./resolve.mts";
import { type Definition, schemaProblems } from "./schema.mts";

export const CLASSES = [
  "public",
  "internal",
  "confidential",
  "pii",
  "credential",
  "pci_chd",
  "pci_sad",
] as const;
export const ACTIONS = ["keep", "scan", "remove", "mask", "hash", "numeric_id"] as const;

export interface Attribute {
  key: string;
  file: string;
  type: string;
  members?: { id: string; value: string | number }[];
  brief: string;
  examples: unknown[];
  class: string;
  action: string;
  cardinality: string;
  brand?: string;
  /** A deny entry: it has a data class and nothing else. */
  denied: boolean;
  deprecated?: { reason: string; renamed_to?: string };
  upstream: boolean;
}

export interface Reference {
  key: string;
  level: "required" | "recommended" | "opt_in" | "conditional";
  condition?: string;
}

interface Signal {
  name: string;
  brief: string;
  references: Reference[];
  /** The signal that this one refines. */
  refines?: string;
}
export interface Metric extends Signal {
  instrument: string;
  unit: string;
  valueType: string;
  buckets?: number[];
  maxSeries?: number;
}
export interface Span extends Signal {
  kind: string;
  pattern: string;
}
export interface Event extends Signal {
  severity: string;
  retention: string;
}

export interface Registry {
  schemaUrl: string;
  namespaces: { name: string; title: string; prefixes: string[] }[];
  attributes: Attribute[];
  imports: Attribute[];
  importedMetrics: {
    name: string;
    instrument: string;
    unit: string;
    value_type: string;
    brief: string;
  }[];
  metrics: Metric[];
  spans: Span[];
  events: Event[];
  thresholds: { name: string; metric: string; limit_ms: number }[];
  /** From the least severe. */
  severities: { name: string; log_severity: string; priority: string }[];
  /** Of each category of errors, the severity when nobody says another. */
  categories: { name: string; severity: string }[];
  upstream: { key: string; class: string; action: string; prefix?: boolean; unbounded?: boolean }[];
  /** Words of names that an application gives a label of its own, and that no label may have. */
  noLabels: string[];
  /** Sentences about references that lead nowhere, found while resolving. */
  problems: string[];
}

/** What the files in formats of our own hold, taken together. */
interface Own {
  schema_url: string;
  namespaces: Registry["namespaces"];
  thresholds: Registry["thresholds"];
  severities: Registry["severities"];
  categories: Registry["categories"];
  metrics: Registry["importedMetrics"];
  attributes: unknown[];
  never: string[];
}

/** Reads and resolves a registry folder; throws one error with a sentence a line when a file has not its format. */
export function readRegistry(folder: string): Registry {
  const problems: string[] = [];
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .toSorted()
    .map((file) => {
      const content = parse(readFileSync(join(folder, file), "utf8")) as Record<string, unknown>;
      problems.push(...schemaProblems(file, content));
      return { file, content };
    });
  for (const file of [
    "manifest",
    "namespaces",
    "imports",
    "thresholds",
    "severities",
    "upstream",
    "labels",
  ]) {
    if (!existsSync(join(folder, `${file}.yaml`))) problems.push(`${file}.yaml is missing.`);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const own = (name: string): Partial<Own> =>
    files.find(({ file }) => file === `${name}.yaml`)!.content as Partial<Own>;
  const definitions = files
    .filter(({ content }) => content["file_format"] === "definition/2")
    .map(({ file, content }) => ({ file, content: content as unknown as Definition }));
  const upstream = own("upstream").attributes as Registry["upstream"];
  const registry: Registry = {
    schemaUrl: own("manifest").schema_url ?? "",
    namespaces: own("namespaces").namespaces ?? [],
    attributes: definitions.flatMap(({ file, content }) =>
      (content.attributes ?? []).map((raw) => attribute(file, raw)),
    ),
    imports: importedAttributes(own("imports").attributes as RawImport[], upstream),
    importedMetrics: own("imports").metrics ?? [],
    metrics: [],
    spans: [],
    events: [],
    thresholds: own("thresholds").thresholds ?? [],
    severities: own("severities").severities ?? [],
    categories: own("severities").categories ?? [],
    upstream,
    noLabels: own("labels").never ?? [],
    problems,
  };
  resolveSignals(
    registry,
    definitions.map(({ content }) => content),
  );
  return registry;
}

type RawAttribute = NonNullable<Definition["attributes"]>[number];

function attribute(file: string, raw: RawAttribute): Attribute {
  const { data_protection: protection, cardinality, code_generation: code } = raw.annotations ?? {};
  const isEnum = typeof raw.type === "object";
  return {
    key: raw.key,
    file,
    type: isEnum ? "enum" : (raw.type as string),
    ...(typeof raw.type === "object" && {
      members: raw.type.members.map(({ id, value }) => ({ id, value: value ?? id })),
    }),
    brief: raw.brief,
    examples: raw.examples ?? [],
    class: protection?.class ?? "",
    action: protection?.action ?? "",
    cardinality: cardinality?.class ?? "",
    ...(code?.ts_brand !== undefined && { brand: code.ts_brand }),
    denied: code?.exclude === true,
    ...(raw.deprecated !== undefined && { deprecated: raw.deprecated }),
    upstream: false,
  };
}

type RawImport = {
  key: string;
  type: string;
  cardinality: string;
  brief: string;
  examples: unknown[];
};

function importedAttributes(raw: RawImport[], upstream: Registry["upstream"]): Attribute[] {
  return raw.map((entry) => {
    const known = upstream.find(({ key }) => key === entry.key);
    const { class: dataClass = "", action = "" } = known ?? {};
    return {
      ...entry,
      file: "imports.yaml",
      class: dataClass,
      action,
      denied: false,
      upstream: true,
    };
  });
}
