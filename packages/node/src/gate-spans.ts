import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import {
  type AttributeLists,
  type RedactorFor,
  redactAttributes,
  redactLists,
  redactNames,
  redactResource,
  redactScope,
  redactSpanContext,
} from "./gate-values.ts";
import { RedactedSpan } from "./redacted-span.ts";
import { Span } from "./span.ts";

/**
 * Gives the function that every span passes on its way out.
 *
 * The copy shares nothing that was found sensitive with the original, which other processors may still hold. Throws
 * when the redactor does; the caller drops that span.
 */
export function gateSpans(redactorFor: RedactorFor): (span: ReadableSpan) => RedactedSpan {
  const name = redactNames(redactorFor("name", "traces"));
  const status = redactorFor("status", "traces");
  const attribute = redactorFor("attribute", "traces");
  const event = redactorFor("event", "traces");
  const link = redactorFor("link", "traces");
  const traceState = redactorFor("trace_state", "traces");
  const resource = redactResource(redactorFor("resource", "traces"));
  const scope = redactScope(redactorFor("scope", "traces"));

  const redactEvent = (timed: TimedEvent): TimedEvent => ({
    ...timed,
    name: event.text(timed.name),
    ...(timed.attributes === undefined
      ? {}
      : { attributes: redactAttributes(event, timed.attributes) }),
  });

  return (span) => {
    const parent = span.parentSpanContext;
    const { message } = span.status;
    return new RedactedSpan(span, {
      name: name(span.name),
      spanContext: redactSpanContext(traceState, span.spanContext()),
      parentSpanContext: parent && redactSpanContext(traceState, parent),
      status:
        message === undefined
          ? span.status
          : { code: span.status.code, message: status.text(message) },
      attributes: redactLists(attribute, listsOf(span)),
      links: span.links.map((linked) => ({
        ...linked,
        context: redactSpanContext(traceState, linked.context),
        ...(linked.attributes === undefined
          ? {}
          : { attributes: redactAttributes(link, linked.attributes) }),
      })),
      events: span.events.map((timed) => redactEvent(timed)),
      resource: resource(span.resource),
      scope: scope(span.instrumentationScope),
    });
  };
}

function listsOf(span: ReadableSpan): AttributeLists {
  if (span instanceof Span) return span.attributeLists();
  return { keys: Object.keys(span.attributes), values: Object.values(span.attributes) };
}
