import {
  type Attributes,
  type Context,
  diag,
  type Exception,
  type HrTime,
  type Link,
  type Span as ApiSpan,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from "@opentelemetry/api";
import {
  cleanSimpleAttributes,
  hrTimeDuration,
  type InstrumentationScope,
  isTimeInput,
} from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan, SpanLimits, SpanProcessor, TimedEvent } from "@opentelemetry/sdk-trace";
import { ATTR_ASSAY_ERROR_ID } from "@assay/semconv/assay";
import { errorIdOf } from "@assay/semconv/error-id";
import { SpanAttributes } from "./span-attributes.ts";
import { givenTime, later, startOfNow, toHrTime } from "./span-clock.ts";

/** What all spans of a tracer have in common. */
export interface SpanSource {
  resource: Resource;
  scope: InstrumentationScope;
  limits: Required<SpanLimits>;
  processors: readonly SpanProcessor[];
}

/** What one span starts with. */
export interface SpanStart {
  name: string;
  kind: SpanKind;
  spanContext: SpanContext;
  parentSpanContext: SpanContext | undefined;
  attributes: SpanAttributes;
  links: readonly Link[] | undefined;
  startTime: TimeInput | undefined;
  /** Called when it ends. */
  onEnd: (() => void) | undefined;
}

/**
 * A span that is recorded: what upstream's is to applications, processors and exporters, for a third of its cost.
 *
 * Never throws; a processor that does is told of in a diagnostic.
 */
export class Span implements ApiSpan, ReadableSpan {
  name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  endTime: HrTime = [0, 0];
  status: SpanStatus = { code: SpanStatusCode.UNSET };
  links: Link[] = [];
  events: TimedEvent[] = [];
  ended = false;
  droppedEventsCount = 0;
  droppedLinksCount = 0;
  readonly #source: SpanSource;
  readonly #spanContext: SpanContext;
  readonly #attributes: SpanAttributes;
  /** `performance.now()` at the start; absent when the application gave the time. */
  readonly #startNow: number | undefined;
  readonly #onEnd: (() => void) | undefined;

  constructor(source: SpanSource, start: SpanStart, context: Context) {
    this.#source = source;
    this.#spanContext = start.spanContext;
    this.#attributes = start.attributes;
    this.#onEnd = start.onEnd;
    this.name = start.name;
    this.kind = start.kind;
    if (start.parentSpanContext !== undefined) this.parentSpanContext = start.parentSpanContext;
    const given = start.startTime == null ? undefined : givenTime(start.startTime);
    if (given === undefined) {
      const { time, now } = startOfNow();
      this.startTime = time;
      this.#startNow = now;
    } else this.startTime = given;
    if (start.links !== undefined) this.#startLinks(start.links);
    for (const processor of source.processors) {
      safely(() => processor.onStart(this, context));
    }
  }

  get attributes(): Attributes {
    return this.#attributes.object();
  }

  get droppedAttributesCount(): number {
    return this.#attributes.dropped;
  }

  get resource(): Resource {
    return this.#source.resource;
  }

  get instrumentationScope(): InstrumentationScope {
    return this.#source.scope;
  }

  get duration(): HrTime {
    return this.ended ? hrTimeDuration(this.startTime, this.endTime) : [-1, -1];
  }

  /** The attributes as two lists, which nobody may change. */
  attributeLists(): { keys: readonly string[]; values: readonly unknown[] } {
    return this.#attributes.lists();
  }

  spanContext(): SpanContext {
    return this.#spanContext;
  }

  isRecording(): boolean {
    return !this.ended;
  }

  setAttribute(key: string, value: unknown): this {
    if (this.#isOpen()) this.#attributes.set(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (!this.#isOpen() || typeof attributes !== "object" || attributes === null) return this;
    for (const key of Object.keys(attributes)) this.#attributes.set(key, attributes[key]);
    return this;
  }

  addEvent(name: string, given?: Attributes | TimeInput, time?: TimeInput): this {
    if (!this.#isOpen()) return this;
    const { eventCountLimit, attributePerEventCountLimit } = this.#source.limits;
    if (this.events.length >= eventCountLimit) {
      this.droppedEventsCount += 1;
      if (eventCountLimit === 0) return this;
      this.events.shift();
    }
    const isTime = isTimeInput(given);
    const at = time ?? (isTime ? given : undefined);
    this.events.push({
      name,
      time: this.#timeOf(at),
      ...(isTime ? {} : simple(given, attributePerEventCountLimit)),
    });
    return this;
  }

  addLink(link: Link): this {
    if (!this.#isOpen()) return this;
    const { linkCountLimit } = this.#source.limits;
    if (this.links.length >= linkCountLimit) {
      this.droppedLinksCount += 1;
      if (linkCountLimit === 0) return this;
      this.links.shift();
    }
    this.links.push(this.#linkOf(link));
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    if (!this.#isOpen() || typeof code !== "number" || code === SpanStatusCode.UNSET) return this;
    if (this.status.code === SpanStatusCode.OK) return this;
    const hasMessage = code === SpanStatusCode.ERROR && typeof message === "string";
    this.status = hasMessage ? { code, message } : { code };
    return this;
  }

  updateName(name: string): this {
    if (this.#isOpen()) this.name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const attributes = exceptionAttributes(exception);
    if (attributes === undefined) diag.warn("An exception without a message is not recorded.");
    else this.addEvent("exception", attributes, time);
  }

  end(endTime?: TimeInput): void {
    if (!this.#isOpen()) return;
    const end = this.#timeOf(endTime);
    const [seconds] = hrTimeDuration(this.startTime, end);
    // A clock that was set back, or times that the application mixed up.
    this.endTime = seconds < 0 ? [...this.startTime] : end;
    for (const processor of this.#source.processors) {
      if (processor.onEnding !== undefined) safely(() => processor.onEnding?.(this));
    }
    this.#onEnd?.();
    this.ended = true;
    for (const processor of this.#source.processors) safely(() => processor.onEnd(this));
  }

  #isOpen(): boolean {
    if (this.ended) {
      const { traceId, spanId } = this.#spanContext;
      diag.warn(`A span that has ended is not changed any more: ${traceId}-${spanId}`);
    }
    return !this.ended;
  }

  #timeOf(given: TimeInput | undefined): HrTime {
    const time = given == null ? undefined : givenTime(given);
    if (time !== undefined) return time;
    // Of a start that the application gave it is not known where it lies on the monotonic clock.
    return this.#startNow === undefined
      ? toHrTime(Date.now())
      : later(this.startTime, this.#startNow);
  }

  #startLinks(links: readonly Link[]): void {
    const { linkCountLimit } = this.#source.limits;
    this.droppedLinksCount = Math.max(0, links.length - linkCountLimit);
    this.links = links.slice(this.droppedLinksCount).map((link) => this.#linkOf(link));
  }

  #linkOf({ context, attributes }: Link): Link {
    if (typeof attributes !== "object" || attributes === null) return { context };
    const kept = new SpanAttributes(this.#source.limits.attributePerLinkCountLimit);
    kept.start(attributes);
    return { context, attributes: kept.object(), droppedAttributesCount: kept.dropped };
  }
}

function simple(
  attributes: Attributes | undefined,
  attributeCountLimit: number,
): Pick<TimedEvent, "attributes" | "droppedAttributesCount"> {
  try {
    const limits = { attributeCountLimit, attributeValueLengthLimit: Number.POSITIVE_INFINITY };
    return cleanSimpleAttributes(attributes, limits);
  } catch {
    diag.warn("Attributes of an event are left out, they cannot be read.");
    return {};
  }
}

// Anything can be thrown, also what throws when it is read.
function exceptionAttributes(exception: Exception): Attributes | undefined {
  try {
    if (typeof exception === "string") {
      return exception === "" ? undefined : { "exception.message": exception };
    }
    const type = exception.code ? exception.code.toString() : exception.name;
    const { message, stack } = exception;
    if (!type && !message) return undefined;
    return {
      ...(type ? { "exception.type": type } : {}),
      ...(message ? { "exception.message": message } : {}),
      ...(stack ? { "exception.stacktrace": stack } : {}),
      [ATTR_ASSAY_ERROR_ID]: errorIdOf(exception),
    };
  } catch {
    return undefined;
  }
}

function safely(call: () => void): void {
  try {
    call();
  } catch (error) {
    diag.error(`A span processor failed: ${error instanceof Error ? error.message : "no reason"}`);
  }
}
