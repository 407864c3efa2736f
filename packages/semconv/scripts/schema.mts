import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";

export interface RawReference {
  ref?: string;
  ref_group?: string;
  requirement_level?: "required" | "recommended" | "opt_in" | Record<string, string>;
}
interface Annotations {
  data_protection?: { class?: string; action?: string };
  cardinality?: { class?: string; max_series?: number };
  code_generation?: { exclude?: boolean; ts_brand?: string; metric_value_type?: string };
  advice?: { explicit_bucket_boundaries?: number[] };
  severity?: { default?: string };
  retention?: { class?: string };
}
interface Common {
  brief: string;
  attributes?: RawReference[];
  annotations?: Annotations;
}
export interface RawRefinement extends Partial<Common> {
  id: string;
  ref: string;
}
/** A definition file after the schema has accepted it. */
export interface Definition {
  attributes?: {
    key: string;
    type: string | { members: { id: string; value?: string | number }[] };
    brief: string;
    examples?: unknown[];
    deprecated?: { reason: string; renamed_to?: string };
    annotations?: Annotations;
  }[];
  attribute_groups?: { id: string; attributes: RawReference[] }[];
  metrics?: (Common & { name: string; instrument: string; unit: string })[];
  spans?: (Common & { type: string; kind: string; name: { note: string } })[];
  events?: (Common & { name: string })[];
  metric_refinements?: RawRefinement[];
  span_refinements?: RawRefinement[];
}

const SCHEMAS: Readonly<Record<string, string>> = {
  "definition/2": "definition",
  "manifest/2.0": "manifest",
  "assay/namespaces/1": "namespaces",
  "assay/imports/1": "imports",
  "assay/thresholds/1": "thresholds",
  "assay/severities/1": "severities",
  "assay/upstream-classes/1": "upstream-classes",
  "assay/labels/1": "labels",
};
const compiled = new Map<string, ValidateFunction>();

/** Why a file has not the format that it says, in one sentence; nothing when it has. */
export function schemaProblems(file: string, content: Record<string, unknown> | null): string[] {
  const format = String(content?.["file_format"]);
  const schema = SCHEMAS[format];
  if (schema === undefined) {
    return [`${file} says file_format ${format}; use one of ${Object.keys(SCHEMAS).join(", ")}.`];
  }
  const validate = compiled.get(schema) ?? compile(schema);
  if (validate(content)) return [];
  const error = deepest(validate.errors ?? []);
  const extra = error.params["additionalProperty"] as string | undefined;
  const found = extra === undefined ? "" : ` ("${extra}")`;
  return [`${file}${error.instancePath} ${error.message ?? "is not valid"}${found}.`];
}

function compile(schema: string): ValidateFunction {
  const path = join(import.meta.dirname, `../schema/${schema}.schema.json`);
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(
    JSON.parse(readFileSync(path, "utf8")) as object,
  );
  compiled.set(schema, validate);
  return validate;
}

// An alternative that does not fit complains at its top; the useful complaint is the one furthest inside.
function deepest(errors: ErrorObject[]): ErrorObject {
  const depth = (error: ErrorObject) => error.instancePath.split("/").length;
  return errors.toSorted((a, b) => depth(b) - depth(a))[0]!;
}
