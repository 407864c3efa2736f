import type { InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { DropClass } from "./drop-class.ts";

/** A redacted span as the bytes that leave, with what they are nested in. */
export interface WrittenSpan {
  bytes: Uint8Array;
  resource: Resource;
  scope: InstrumentationScope;
  /** What it is when there is no room for all. */
  dropClass: DropClass;
}

/** Spans of one resource, by scope, as OTLP nests them. */
export interface ResourceGroup {
  resource: Resource;
  scopes: { scope: InstrumentationScope; spans: Uint8Array[] }[];
}

/** Gives spans by resource and scope, each in the order of its first span. */
export function bySource(spans: readonly WrittenSpan[]): ResourceGroup[] {
  const groups = new Map<Resource, Map<InstrumentationScope, Uint8Array[]>>();
  for (const { bytes, resource, scope } of spans) {
    let scopes = groups.get(resource);
    if (scopes === undefined) groups.set(resource, (scopes = new Map()));
    const known = scopes.get(scope);
    if (known === undefined) scopes.set(scope, [bytes]);
    else known.push(bytes);
  }
  return Array.from(groups, ([resource, scopes]) => ({
    resource,
    scopes: Array.from(scopes, ([scope, ofScope]) => ({ scope, spans: ofScope })),
  }));
}
