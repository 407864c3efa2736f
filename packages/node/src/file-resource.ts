import {
  type ConfigurationModel,
  mergeResourceAttributesConfig,
} from "@opentelemetry/configuration";
import type { FileReader } from "./config-file.ts";

const PROPAGATORS = new Set(["tracecontext", "baggage", "sentry", "none"]);
const DETECTORS = new Set(["host", "process", "service"]);

/** Reads attributes, and which of Assay's own stay. */
export function readResource(resource: ConfigurationModel["resource"], file: FileReader): void {
  const { declared } = file;
  if (resource === undefined) return;
  // One that is wrong is told as the variable of the same form.
  const list = resource.attributes_list ?? "";
  const { parse } = file.variable("OTEL_RESOURCE_ATTRIBUTES");
  const merged = mergeResourceAttributesConfig(
    resource.attributes,
    parse(list) === undefined ? undefined : list,
  );
  for (const { name, value, type } of merged ?? []) {
    void type; // the value has it
    if (value !== null) declared.resource.attributes[name] = copyOf(value);
  }
  if (resource.schema_url) declared.resource.schemaUrl = resource.schema_url;
  const detection = resource["detection/development"];
  if (detection === undefined) return;
  declared.resource.detectors = (detection.detectors ?? []).flatMap((detector) => {
    const name = Object.keys(detector).find((key) => DETECTORS.has(key));
    if (name === undefined) return [];
    void detector[name];
    return [name];
  });
  const { included, excluded } = detection.attributes ?? {};
  if (included !== undefined) declared.resource.included = [...included];
  if (excluded !== undefined) declared.resource.excluded = [...excluded];
}

// Of a list in the model, which is watched.
function copyOf<Value>(value: Value): Value {
  return Array.isArray(value) ? ([...value] as Value) : value;
}

/** Reads the propagators; without any the file asks for none. */
export function readPropagators(
  propagator: ConfigurationModel["propagator"],
  file: FileReader,
): void {
  const names = new Set<string>();
  for (const part of propagator?.composite ?? []) {
    const name = Object.keys(part).find((key) => PROPAGATORS.has(key));
    if (name === undefined) continue;
    void part[name];
    names.add(name);
  }
  const list = (propagator?.composite_list ?? "").split(",").map((name) => name.trim());
  for (const name of list.filter(Boolean)) {
    if (PROPAGATORS.has(name)) names.add(name);
    else {
      file.warn(
        `propagator.composite_list`,
        `has ${JSON.stringify(name)}, which is not honoured by Assay; use tracecontext, baggage and sentry.`,
      );
    }
  }
  const used = names.size === 0 || names.has("none") ? ["none"] : [...names];
  file.set("OTEL_PROPAGATORS", used, "propagator");
}
