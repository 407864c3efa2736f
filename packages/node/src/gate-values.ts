import { type Attributes, type SpanContext, createTraceState } from "@opentelemetry/api";
import type { InstrumentationScope } from "@opentelemetry/core";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { Redactor } from "@assay/redaction";
import type { FinanceAttributes } from "@assay/semconv";
import type { Signal } from "./self-metrics.ts";
import { redactTraceState } from "./trace-state.ts";

/** Part of the telemetry that a value is on, as `finance.redaction.surface` names it. */
export type Surface = NonNullable<FinanceAttributes["finance.redaction.surface"]>;

/** A redactor for one surface; its findings are counted under that surface, and of a signal that it is given. */
export type RedactorFor = (surface: Surface, signal?: Signal) => Redactor;

// Keys come from code, so the same few come again and again; those from data must not fill the memory.
const MOST_KEYS = 4_096;
const cleanKeys = new Set<string>();

/** Attributes as two lists, in their order; nobody may change them. */
export interface AttributeLists {
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

/** Gives attributes whose keys and values are redacted, all values in one scan; a dropped value leaves no key. */
export function redactAttributes(redactor: Redactor, attributes: Attributes): Attributes {
  const { keys, values } = redactLists(redactor, {
    keys: Object.keys(attributes),
    values: Object.values(attributes),
  });
  const redacted: Attributes = {};
  for (let at = 0; at < keys.length; at += 1) redacted[keys[at]!] = values[at];
  return redacted;
}

/** The same for two lists; gives the same ones when there is nothing in them. */
export function redactLists(redactor: Redactor, lists: AttributeLists): AttributeLists {
  const { keys, values } = lists;
  const entries: [string, unknown][] = [];
  let isClean = true;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at]!;
    entries.push([key, values[at]]);
    isClean &&= cleanKeys.has(key);
  }
  const batch = redactor.batch(entries);
  if (batch === undefined && isClean) return lists;
  const redacted = { keys: [] as string[], values: [] as unknown[] };
  for (let at = 0; at < keys.length; at += 1) {
    const kept = batch === undefined ? values[at] : batch[at];
    if (kept === undefined) continue;
    redacted.keys.push(redactKey(redactor, keys[at]!));
    redacted.values.push(kept);
  }
  return redacted;
}

function redactKey(redactor: Redactor, key: string): string {
  if (cleanKeys.has(key)) return key;
  const redacted = redactor.text(key);
  if (redacted === key && cleanKeys.size < MOST_KEYS) cleanKeys.add(key);
  return redacted;
}

// Names of spans are routes and statements' verbs, the same few again and again; one with a secret is never remembered.
const MOST_NAMES = 1_024;
const LONGEST_NAME = 128;

/** Gives what redacts texts that come again and again, and looks at one that was clean not more than once. */
export function redactNames(redactor: Redactor): (name: string) => string {
  const clean = new Set<string>();
  return (name) => {
    if (clean.has(name)) return name;
    const redacted = redactor.text(name);
    if (redacted !== name || name.length > LONGEST_NAME) return redacted;
    if (clean.size === MOST_NAMES) clean.clear();
    clean.add(name);
    return name;
  };
}

/** Gives a span context whose trace state has no member with a finding. */
export function redactSpanContext(redactor: Redactor, spanContext: SpanContext): SpanContext {
  const { traceState, ...rest } = spanContext;
  if (traceState === undefined) return spanContext;
  const before = traceState.serialize();
  const after = redactTraceState(redactor, before);
  if (before === after) return spanContext;
  return after === "" ? rest : { ...rest, traceState: createTraceState(after) };
}

/** Gives a memo of `make`, so that a resource or a scope is redacted once, not once a span. */
export function once<Key extends WeakKey, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** Redacts a resource's attributes; those still being detected are waited for by the processors. */
export function redactResource(redactor: Redactor): (resource: Resource) => Resource {
  const settled = once((resource: Resource) =>
    resourceFromAttributes(redactAttributes(redactor, resource.attributes)),
  );
  return (resource) =>
    resource.asyncAttributesPending === true
      ? resourceFromAttributes(redactAttributes(redactor, resource.attributes))
      : settled(resource);
}

type Scope = InstrumentationScope & { attributes?: Attributes };

/** Redacts name, version and attributes of an instrumentation scope. */
export function redactScope(redactor: Redactor): <Given extends Scope>(scope: Given) => Given {
  const memo = once((scope: Scope): Scope => ({
    ...scope,
    name: redactor.text(scope.name),
    ...(scope.version === undefined ? {} : { version: redactor.text(scope.version) }),
    ...(scope.schemaUrl === undefined ? {} : { schemaUrl: redactor.text(scope.schemaUrl) }),
    ...(scope.attributes === undefined
      ? {}
      : { attributes: redactAttributes(redactor, scope.attributes) }),
  }));
  return <Given extends Scope>(scope: Given) => memo(scope) as Given;
}
