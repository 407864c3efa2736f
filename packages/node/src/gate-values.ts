import { type Attributes, type SpanContext, createTraceState } from "@opentelemetry/api";
import type { InstrumentationScope } from "@opentelemetry/core";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { Redactor } from "@assay/redaction";
import type { FinanceAttributes } from "@assay/semconv";
import { redactTraceState } from "./trace-state.ts";

/** Part of the telemetry that a value is on, as `finance.redaction.surface` names it. */
export type Surface = NonNullable<FinanceAttributes["finance.redaction.surface"]>;

/** A redactor for one surface; its findings are counted under that surface. */
export type RedactorFor = (surface: Surface) => Redactor;

/** Gives attributes whose keys and values are redacted; a dropped value leaves no key. */
export function redactAttributes(redactor: Redactor, attributes: Attributes): Attributes {
  const redacted: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    const kept = redactor.value(key, value);
    if (kept !== undefined) redacted[redactor.text(key)] = kept;
  }
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
