import { HEAD, WHAT } from "./write-constants.mts";
import type { Attribute, Metric, Reference, Registry } from "./registry.mts";

const SCALARS: Readonly<Record<string, string>> = { int: "number", double: "number" };

/** `attribute-types.ts`: what every attribute holds, and which attributes each signal has. */
export function attributeTypes(registry: Registry): string {
  const attributes = [...registry.attributes.filter(({ denied }) => !denied), ...registry.imports];
  const signals = (title: string, name: string, all: { name: string; references: Reference[] }[]) =>
    `/** ${title} */\nexport type ${name} = {\n${all.map(signal).join("")}};\n`;
  return [
    HEAD,
    'import type { MinorUnits } from "../minor-units.ts";\n',
    "/** What every attribute holds. A key that telemetry must not carry is not here. */",
    `export type FinanceAttributes = {\n${attributes.map(property).join("")}};\n`,
    "type Signal<Required extends keyof FinanceAttributes, Optional extends keyof FinanceAttributes> = {",
    "  readonly [Key in Required]-?: FinanceAttributes[Key] & {};",
    "} & { readonly [Key in Optional]?: FinanceAttributes[Key] & {} };\n",
    signals("The labels of each metric.", "MetricAttributes", registry.metrics),
    signals("The attributes of each span, by its type.", "SpanAttributes", registry.spans),
    signals("The attributes of each event.", "EventAttributes", registry.events),
  ].join("\n");
}

function property(attribute: Attribute): string {
  const { key, brief, class: dataClass, action } = attribute;
  return `  /** ${brief} Class ${dataClass}, ${WHAT[action] ?? action}. */\n  readonly ${JSON.stringify(key)}?: ${valueType(attribute)};\n`;
}

/** The TypeScript type of an attribute's value. */
export function valueType({ type, members, brand }: Attribute): string {
  if (brand !== undefined) return brand;
  if (members !== undefined) return members.map(({ value }) => JSON.stringify(value)).join(" | ");
  const array = type.endsWith("[]");
  const scalar = type.replace("[]", "");
  const one = SCALARS[scalar] ?? (scalar === "any" ? "unknown" : scalar);
  return array ? `readonly ${one}[]` : one;
}

function signal({ name, references }: Pick<Metric, "name" | "references">): string {
  const union = (required: boolean) =>
    references
      .filter(({ level }) => (level === "required") === required)
      .map(({ key }) => JSON.stringify(key))
      .join(" | ") || "never";
  return `  ${JSON.stringify(name)}: Signal<${union(true)}, ${union(false)}>;\n`;
}
