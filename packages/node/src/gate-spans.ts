import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import {
  type RedactorFor,
  redactAttributes,
  redactResource,
  redactScope,
  redactSpanContext,
} from "./gate-values.ts";

/**
 * Gives the function that every span passes on its way out.
 *
 * The copy shares nothing that was found sensitive with the original, which other processors may still hold. Throws
 * when the redactor does; the caller drops that span.
 */
export function gateSpans(redactorFor: RedactorFor): (span: ReadableSpan) => ReadableSpan {
  const name = redactorFor("name", "traces");
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
    const spanContext = redactSpanContext(traceState, span.spanContext());
    const parent = span.parentSpanContext;
    return {
      name: name.text(span.name),
      kind: span.kind,
      spanContext: () => spanContext,
      ...(parent === undefined ? {} : { parentSpanContext: redactSpanContext(traceState, parent) }),
      startTime: span.startTime,
      endTime: span.endTime,
      status:
        span.status.message === undefined
          ? span.status
          : { code: span.status.code, message: status.text(span.status.message) },
      attributes: redactAttributes(attribute, span.attributes),
      links: span.links.map((linked) => ({
        ...linked,
        context: redactSpanContext(traceState, linked.context),
        ...(linked.attributes === undefined
          ? {}
          : { attributes: redactAttributes(link, linked.attributes) }),
      })),
      events: span.events.map((timed) => redactEvent(timed)),
      duration: span.duration,
      ended: span.ended,
      resource: resource(span.resource),
      instrumentationScope: scope(span.instrumentationScope),
      droppedAttributesCount: span.droppedAttributesCount,
      droppedEventsCount: span.droppedEventsCount,
      droppedLinksCount: span.droppedLinksCount,
    };
  };
}
