import { lintMetrics } from "./lint-metrics.mts";
import { constantName, namespaceOf } from "./names.mts";
import { ACTIONS, type Attribute, CLASSES, type Registry } from "./registry.mts";
import type { Upstream } from "./upstream.mts";
import { lintSeverities } from "./write-severities.mts";

const NAME = /^[a-z][a-z0-9]*(?:[._][a-z0-9]+)*$/;
const SECRET = /^(?:pii|credential|pci_chd|pci_sad)$/;
const FORBIDDEN = /^(?:credential|pci_chd|pci_sad)$/;
const TAKES_AWAY = /^(?:remove|mask|hash)$/;

/** What is wrong with the registry, one sentence each; nothing when it may be generated from. */
export function lint(registry: Registry, upstream: Upstream): string[] {
  const { attributes, metrics, spans, events } = registry;
  const own = metrics.filter(({ refines }) => refines === undefined);
  return [
    ...registry.problems,
    ...names(
      registry,
      attributes.map(({ key }) => key),
      "attribute",
    ),
    ...names(
      registry,
      own.map(({ name }) => name),
      "metric",
    ),
    ...names(
      registry,
      spans.map(({ name }) => name),
      "span",
    ),
    ...names(
      registry,
      events.map(({ name }) => name),
      "event",
    ),
    ...attributes.flatMap((attribute) => lintAttribute(attribute, registry, upstream)),
    ...references(registry, upstream),
    ...lintMetrics(registry, upstream),
    ...events
      .filter(({ severity }) => !/^(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)$/.test(severity))
      .map(({ name }) => `The event ${name} has no annotations.severity.default.`),
    ...lintSeverities(registry),
    ...lintUpstream(registry, upstream),
  ];
}

function names(registry: Registry, all: string[], kind: string): string[] {
  const problems: string[] = [];
  const constants = new Map<string, string>();
  for (const name of all) {
    if (!NAME.test(name)) {
      problems.push(
        `The ${kind} ${name} is not a name: small letters and digits, parts joined by "." or "_".`,
      );
      continue;
    }
    if (!name.includes("."))
      problems.push(`The ${kind} ${name} has no namespace: write finance.${name}.`);
    else if (namespaceOf(name, registry.namespaces) === undefined) {
      problems.push(`The ${kind} ${name} is in no namespace of namespaces.yaml.`);
    }
    const longer = all.find((other) => other.startsWith(`${name}.`));
    if (longer !== undefined) {
      problems.push(`The ${kind} ${name} is also the namespace of ${longer}: rename one of them.`);
    }
    const constant = constantName(name);
    const other = constants.get(constant);
    if (other === name) problems.push(`The ${kind} ${name} is defined twice.`);
    else if (other !== undefined)
      problems.push(`The ${kind}s ${other} and ${name} have the same constant, ${constant}.`);
    constants.set(constant, name);
  }
  return problems;
}

function lintAttribute(attribute: Attribute, registry: Registry, upstream: Upstream): string[] {
  const { key, file, type, denied, deprecated } = attribute;
  const problems: string[] = [];
  const say = (text: string) => problems.push(`${key} (${file}) ${text}`);
  if (upstream.attributes.has(key))
    say("is an attribute of OpenTelemetry: import it in imports.yaml.");
  if (!CLASSES.includes(attribute.class as never)) {
    say(
      `has no data class: set annotations.data_protection.class to one of ${CLASSES.join(", ")}.`,
    );
  } else if (!ACTIONS.includes(attribute.action as never)) {
    say(`has no action: set annotations.data_protection.action to one of ${ACTIONS.join(", ")}.`);
  } else if (SECRET.test(attribute.class) && !TAKES_AWAY.test(attribute.action)) {
    say(`is ${attribute.class} and its action is ${attribute.action}: use remove, mask or hash.`);
  } else if (denied && !SECRET.test(attribute.class)) {
    say(
      `is a deny entry and its class is ${attribute.class}: use pii, credential, pci_chd or pci_sad.`,
    );
  } else if (!denied && FORBIDDEN.test(attribute.class)) {
    say(`is ${attribute.class} and no deny entry: set annotations.code_generation.exclude.`);
  }
  if (!/^(?:bounded|scoped|unbounded)$/.test(attribute.cardinality)) {
    say("has no annotations.cardinality.class: use bounded, scoped or unbounded.");
  }
  if (!attribute.brief.endsWith(".")) say("has a brief that does not end with a full stop.");
  if (type !== "enum" && !denied && attribute.examples.length === 0) say("has no example.");
  if (key.endsWith(".minor") && (type !== "int" || attribute.brand !== "MinorUnits")) {
    say("is money: its type is int and its code_generation.ts_brand is MinorUnits.");
  }
  for (const part of ["id", "value"] as const) {
    const seen = new Set<unknown>();
    for (const member of attribute.members ?? []) {
      const unique = part === "id" ? constantName(member.id) : member.value;
      if (seen.has(unique)) say(`has two members with the ${part} ${member[part]}.`);
      seen.add(unique);
    }
  }
  if (deprecated?.reason === "renamed") problems.push(...renamed(attribute, registry));
  return problems;
}

function renamed({ key, type, deprecated }: Attribute, { attributes }: Registry): string[] {
  const target = deprecated?.renamed_to;
  if (target === undefined)
    return [`${key} is renamed and does not say to what: set deprecated.renamed_to.`];
  const found = attributes.find((other) => other.key === target);
  if (found === undefined) return [`${key} is renamed to ${target}, which no file defines.`];
  if (found.type !== type)
    return [`${key} is ${type} and is renamed to ${target}, which is ${found.type}.`];
  return [];
}

function references(registry: Registry, upstream: Upstream): string[] {
  const problems: string[] = [];
  const known = new Map(
    [...registry.attributes, ...registry.imports].map((entry) => [entry.key, entry]),
  );
  const used = new Set<string>();
  for (const { name, references: all } of [
    ...registry.metrics,
    ...registry.spans,
    ...registry.events,
  ]) {
    const seen = new Set<string>();
    for (const { key } of all) {
      const entry = known.get(key);
      if (entry === undefined)
        problems.push(
          `${name} refers to ${key}, which neither the registry nor imports.yaml defines.`,
        );
      else if (entry.denied) problems.push(`${name} refers to ${key}, which is a deny entry.`);
      if (seen.has(key)) problems.push(`${name} refers to ${key} twice.`);
      seen.add(key);
      used.add(key);
    }
  }
  for (const { key, denied, deprecated } of registry.attributes) {
    if (!used.has(key) && !denied && deprecated === undefined) {
      problems.push(`${key} is on no signal and is no deny entry: use it or remove it.`);
    }
  }
  for (const { key } of registry.imports) {
    if (!upstream.attributes.has(key)) {
      problems.push(`imports.yaml names ${key}, which OpenTelemetry's package does not export.`);
    }
    if (!used.has(key)) problems.push(`imports.yaml names ${key}, which no signal uses.`);
  }
  return problems;
}

function lintUpstream(registry: Registry, upstream: Upstream): string[] {
  const problems: string[] = [];
  const classified = new Set<string>();
  for (const { key, class: dataClass, action, prefix = false } of registry.upstream) {
    if (classified.has(key)) problems.push(`upstream.yaml names ${key} twice.`);
    classified.add(key);
    if (!upstream.attributes.has(key)) {
      problems.push(`upstream.yaml names ${key}, which OpenTelemetry's package does not export.`);
    } else if (prefix !== upstream.families.has(key)) {
      problems.push(
        `${key} (upstream.yaml) ${prefix ? "is no family" : "is a family: set prefix"}.`,
      );
    }
    if (SECRET.test(dataClass) && action === "keep") {
      problems.push(`${key} (upstream.yaml) is ${dataClass} and its action is keep.`);
    }
  }
  for (const key of upstream.attributes) {
    if (!classified.has(key)) {
      problems.push(`OpenTelemetry's package names ${key}, which has no class in upstream.yaml.`);
    }
  }
  return problems;
}
