import type { Metric, Reference, Registry } from "./registry.mts";
import type { Definition, RawReference, RawRefinement } from "./schema.mts";

/** Follows every group, reference and refinement of the signals, and puts them into the registry. */
export function resolveSignals(registry: Registry, definitions: Definition[]): void {
  const groups = new Map(
    definitions.flatMap(({ attribute_groups = [] }) =>
      attribute_groups.map(({ id, attributes }) => [id, attributes] as const),
    ),
  );
  const expand = (owner: string, raw: RawReference[] = []): Reference[] =>
    raw.flatMap((entry) => {
      if (entry.ref_group === undefined) return [reference(entry)];
      const group = groups.get(entry.ref_group);
      if (group !== undefined) return expand(owner, group);
      registry.problems.push(
        `${owner} refers to the group ${entry.ref_group}, which no file defines.`,
      );
      return [];
    });
  for (const definition of definitions) {
    for (const raw of definition.metrics ?? []) {
      const { name, instrument, unit, brief, attributes, annotations } = raw;
      const references = expand(name, attributes);
      const valueType = annotations?.code_generation?.metric_value_type ?? "";
      registry.metrics.push({
        name,
        instrument,
        unit,
        brief,
        valueType,
        references,
        ...limits(raw),
      });
    }
    for (const { type, kind, name, brief, attributes } of definition.spans ?? []) {
      const references = expand(type, attributes);
      registry.spans.push({
        name: type,
        kind,
        pattern: name.note.replaceAll("`", ""),
        brief,
        references,
      });
    }
    for (const { name, brief, attributes, annotations } of definition.events ?? []) {
      const severity = annotations?.severity?.default ?? "";
      const retention = annotations?.retention?.class ?? "";
      registry.events.push({
        name,
        brief,
        severity,
        retention,
        references: expand(name, attributes),
      });
    }
  }
  const missing = ({ id, ref }: RawRefinement) =>
    registry.problems.push(
      `${id} refines ${ref}, which neither the registry nor imports.yaml defines.`,
    );
  for (const raw of definitions.flatMap(({ metric_refinements = [] }) => metric_refinements)) {
    const base = registry.importedMetrics.find(({ name }) => name === raw.ref);
    if (base === undefined) missing(raw);
    else {
      const { instrument, unit, value_type: valueType, brief } = base;
      const references = expand(raw.id, raw.attributes);
      // The name stays upstream's: a refinement adds attributes and buckets to what another library records.
      registry.metrics.push({
        name: raw.ref,
        refines: raw.ref,
        instrument,
        unit,
        valueType,
        brief,
        references,
        ...limits(raw),
      });
    }
  }
  for (const raw of definitions.flatMap(({ span_refinements = [] }) => span_refinements)) {
    const base = registry.spans.find(({ name }) => name === raw.ref);
    if (base === undefined) missing(raw);
    else {
      const references = merge(base.references, expand(raw.id, raw.attributes));
      registry.spans.push({
        ...base,
        name: raw.id,
        brief: raw.brief ?? base.brief,
        refines: raw.ref,
        references,
      });
    }
  }
}

function limits({
  annotations,
}: Pick<RawRefinement, "annotations">): Pick<Metric, "buckets" | "maxSeries"> {
  const buckets = annotations?.advice?.explicit_bucket_boundaries;
  const maxSeries = annotations?.cardinality?.max_series;
  return {
    ...(buckets !== undefined && { buckets }),
    ...(maxSeries !== undefined && { maxSeries }),
  };
}

function reference({
  ref = "",
  requirement_level: level = "recommended",
}: RawReference): Reference {
  if (typeof level === "string") return { key: ref, level };
  const [[kind, condition] = ["recommended", ""]] = Object.entries(level);
  return {
    key: ref,
    level: kind === "conditionally_required" ? "conditional" : (kind as Reference["level"]),
    condition,
  };
}

function merge(base: Reference[], own: Reference[]): Reference[] {
  return [...base.filter(({ key }) => !own.some((entry) => entry.key === key)), ...own];
}
