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

/** Gives attributes whose keys and values are redacted, all values in one scan; a dropped value leaves no key. */
export function redactAttributes(redactor: Redactor, attributes: Attributes): Attributes {
  const entries = Object.entries(attributes);
  const values = redactor.batch(entries);
  const redacted: Attributes = {};
  for (const [index, [key, value]] of entries.entries()) {
    const kept = values === undefined ? value : values[index];
    if (kept !== undefined) redacted[redactKey(redactor, key)] = kept;
  }
  return redacted;
}

function redactKey(redactor: Redactor, key: string): string {
  if (cleanKeys.has(key)) return key;
  const redacted = redactor.text(key);
  if (redacted === key && cleanKeys.size < MOST_KEYS) cleanKeys.add(key);
  return redacted;
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
