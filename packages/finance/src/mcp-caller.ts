import {
  type Context,
  context,
  createContextKey,
  isSpanContextValid,
  type Link,
  propagation,
  type SpanContext,
  type TextMapGetter,
  trace,
} from "@opentelemetry/api";

// As @assay/node sets it where ASSAY_INBOUND_TRACE has a trace begin anew; a key is known by its description.
const CALLER = createContextKey("assay.caller");

type Meta = Readonly<Record<string, unknown>>;

// What a stranger wrote into `_meta` may be anything; propagators expect text.
const GETTER: TextMapGetter<Meta> = {
  keys: (meta) => Object.keys(meta),
  get(meta, key) {
    const value = meta[key];
    return typeof value === "string" ? value : undefined;
  },
};

/** Below what the span of a request begins, and what it is linked to. */
export interface Parent {
  context: Context;
  links: Link[];
}

/**
 * Asks the propagator whose trace a request belongs to: the caller's, when `_meta` has one and it is taken, and else the
 * one that is active here. One that is not trusted is linked to.
 */
export function parentOf(meta: Meta, isTrusted: boolean): Parent {
  const ambient = context.active();
  const outside = trace.deleteSpan(ambient);
  const taken = propagation.extract(outside, meta, GETTER);
  const adopted = trace.getSpanContext(taken);
  if (adopted !== undefined) {
    return isTrusted
      ? { context: taken, links: linkTo(trace.getSpanContext(ambient)) }
      : { context: ambient, links: linkTo(adopted) };
  }
  const caller = taken.getValue(CALLER) as SpanContext | undefined;
  const isOfRequest = caller !== outside.getValue(CALLER);
  return { context: ambient, links: isOfRequest ? linkTo(caller) : [] };
}

function linkTo(spanContext: SpanContext | undefined): Link[] {
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return [];
  return [{ context: spanContext }];
}
