import type { InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/** Spans of one resource, by scope, as OTLP nests them. */
export interface ResourceGroup {
  resource: Resource;
  scopes: { scope: InstrumentationScope; spans: ReadableSpan[] }[];
}

/** Gives spans by resource and scope, each in the order of its first span. */
export function bySource(spans: readonly ReadableSpan[]): ResourceGroup[] {
  const groups = new Map<Resource, Map<InstrumentationScope, ReadableSpan[]>>();
  for (const span of spans) {
    let scopes = groups.get(span.resource);
    if (scopes === undefined) groups.set(span.resource, (scopes = new Map()));
    const known = scopes.get(span.instrumentationScope);
    if (known === undefined) scopes.set(span.instrumentationScope, [span]);
    else known.push(span);
  }
  return Array.from(groups, ([resource, scopes]) => ({
    resource,
    scopes: Array.from(scopes, ([scope, ofScope]) => ({ scope, spans: ofScope })),
  }));
}
