import type {
  Attributes,
  HrTime,
  Link,
  SpanContext,
  SpanKind,
  SpanStatus,
} from "@opentelemetry/api";
import { hrTimeDuration, type InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import type { AttributeLists } from "./gate-values.ts";
import { toObject } from "./span-attributes.ts";

/** What of a span is not as it was before the gate. */
export interface RedactedParts {
  name: string;
  status: SpanStatus;
  spanContext: SpanContext;
  parentSpanContext: SpanContext | undefined;
  attributes: AttributeLists;
  links: Link[];
  events: TimedEvent[];
  resource: Resource;
  scope: InstrumentationScope;
}

/** A span that has passed the gate. It shares nothing that may still be changed with the one that came. */
export class RedactedSpan implements ReadableSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly ended: boolean;
  readonly status: SpanStatus;
  readonly attributeLists: AttributeLists;
  readonly links: Link[];
  readonly events: TimedEvent[];
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
  readonly #spanContext: SpanContext;

  constructor(span: ReadableSpan, parts: RedactedParts) {
    this.name = parts.name;
    this.kind = span.kind;
    this.#spanContext = parts.spanContext;
    if (parts.parentSpanContext !== undefined) this.parentSpanContext = parts.parentSpanContext;
    this.startTime = span.startTime;
    this.endTime = span.endTime;
    this.ended = span.ended;
    this.status = parts.status;
    this.attributeLists = parts.attributes;
    this.links = parts.links;
    this.events = parts.events;
    this.resource = parts.resource;
    this.instrumentationScope = parts.scope;
    this.droppedAttributesCount = span.droppedAttributesCount;
    this.droppedEventsCount = span.droppedEventsCount;
    this.droppedLinksCount = span.droppedLinksCount;
  }

  get attributes(): Attributes {
    return toObject(this.attributeLists.keys, this.attributeLists.values);
  }

  get duration(): HrTime {
    return hrTimeDuration(this.startTime, this.endTime);
  }

  spanContext(): SpanContext {
    return this.#spanContext;
  }
}
