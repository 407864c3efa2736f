import type { Context, Span as ApiSpan, SpanOptions, Tracer } from "@opentelemetry/api";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { gateSpans } from "../src/gate-spans.ts";
import type { Encoding } from "../src/encoding.ts";
import { spanSerializer } from "../src/span-serializer.ts";
import { spanWriter } from "../src/span-writer.ts";
import { createTracerProvider } from "../src/tracer-provider.ts";
import { recordSpans } from "./recorded-spans.ts";
import { collector, made, resource, sampler } from "./span-collector.ts";

const scope = ["pay", "1.2.3", { schemaUrl: "https://example.com/schema" }] as const;
const spanLimits = {
  attributeCountLimit: 50,
  eventCountLimit: 10,
  linkCountLimit: 5,
  attributePerEventCountLimit: 30,
  attributePerLinkCountLimit: 20,
};

/** The same calls through ours and upstream's, which is given the ids that ours made. */
function both(): {
  ours: ReadableSpan[];
  upstreams: ReadableSpan[];
  unrecorded: [ApiSpan[], ApiSpan[]];
} {
  const ours = collector();
  const own = createTracerProvider({ resource, sampler, spanLimits, spanProcessors: [ours] });
  const ids: { traceId: string; spanId: string }[] = [];
  const tracer = own.getTracer(...scope);
  const noted = <Made extends ApiSpan>(span: Made): Made => {
    ids.push(span.spanContext());
    return span;
  };
  const recorded = {
    startSpan: (...given) => noted(tracer.startSpan(...given)),
    startActiveSpan: (
      name: string,
      options: SpanOptions,
      from: Context,
      work: (span: ApiSpan) => unknown,
    ) => tracer.startActiveSpan(name, options, from, (span: ApiSpan) => work(noted(span))),
  } as Tracer;
  const unrecorded = recordSpans(recorded);
  const theirs = collector();
  let next = 0;
  const upstream = new TracerProvider({
    resource,
    sampler,
    spanLimits,
    spanProcessors: [theirs],
    idGenerator: {
      generateSpanId: () => ids[next++]!.spanId,
      generateTraceId: () => ids[next - 1]!.traceId,
    },
  });
  const notRecorded = recordSpans(upstream.getTracer(...scope));
  for (const [at, { events }] of ours.spans.entries())
    copyErrorIds(events, theirs.spans[at]!.events);
  return { ours: ours.spans, upstreams: theirs.spans, unrecorded: [unrecorded, notRecorded] };
}

// What ours alone has: the id that each error object has, wherever it is seen.
function copyErrorIds(from: ReadableSpan["events"], to: ReadableSpan["events"]): void {
  for (const [at, { attributes }] of from.entries()) {
    const id = attributes?.["assay.error.id"];
    if (id !== undefined) to[at]!.attributes!["assay.error.id"] = id;
  }
}

function written(encoding: Encoding, spans: readonly ReadableSpan[]): Uint8Array {
  const all = spanWriter(
    encoding,
    () => "other",
    () => {
      throw new Error("a span is not written");
    },
  )(spans);
  return spanSerializer(encoding).serializeRequest(all)!;
}

/** Of upstream's shape, so that its serializers do not see what is ours alone. */
function plainSpan(span: ReadableSpan): ReadableSpan {
  const { name, kind, startTime, endTime, status, attributes, links, events, duration, ended } =
    span;
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span;
  return {
    name,
    kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: span.parentSpanContext }),
    startTime,
    endTime,
    status,
    attributes,
    links,
    events,
    duration,
    ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount,
    droppedEventsCount,
    droppedLinksCount,
  };
}

function plain(span: ReadableSpan): object {
  const { name, kind, startTime, endTime, status, attributes, links, events, duration } = span;
  return {
    name,
    kind,
    context: { traceState: undefined, ...span.spanContext() },
    parent: span.parentSpanContext,
    startTime,
    endTime,
    status,
    attributes,
    links,
    events,
    duration,
    ended: span.ended,
    resource: span.resource,
    scope: span.instrumentationScope,
    dropped: [span.droppedAttributesCount, span.droppedEventsCount, span.droppedLinksCount],
  };
}

test("an error that is recorded twice has one id, and a text has none", () => {
  const { spans, provider } = made();
  const span = provider.getTracer(...scope).startSpan("pay");
  const error = new Error("declined");
  for (const thrown of [error, error, new Error("declined"), "declined"]) {
    span.recordException(thrown);
  }
  span.end();
  const ids = spans[0]!.events.map(({ attributes }) => attributes?.["assay.error.id"]);
  expect([ids[0] === ids[1], new Set(ids).size, ids[3]]).toEqual([true, 3, undefined]);
});

test("the recorded calls make the same spans with ours as with upstream's, field by field", () => {
  const { ours, upstreams, unrecorded } = both();
  expect(ours.map((span) => plain(span))).toEqual(upstreams.map((span) => plain(span)));
  const [own, theirs] = unrecorded.map((spans) =>
    spans.map((span) => ({ ...span.spanContext(), recording: span.isRecording() })),
  );
  expect(own).toEqual(theirs);
  expect(ours.length).toBeGreaterThan(15);
});

test.each(["http/json", "http/protobuf"] as const)("as %s both are the same bytes", (encoding) => {
  const { ours, upstreams } = both();
  const upstream = encoding === "http/json" ? JsonTraceSerializer : ProtobufTraceSerializer;
  const expected = Buffer.from(upstream.serializeRequest(upstreams)!);
  expect(Buffer.from(written(encoding, ours)).equals(expected)).toBe(true);
  // Again, by what has been kept of keys and values; and what has passed the gate.
  const gate = gateSpans(() => createRedactor());
  const gated = ours.map((span) => gate(span));
  const asObjects = gated.map((span) => plainSpan(span));
  for (const one of gated.keys()) {
    const bytes = Buffer.from(written(encoding, [gated[one]!]));
    expect(bytes.equals(Buffer.from(upstream.serializeRequest([asObjects[one]!])!))).toBe(true);
  }
});
