import { createEnvelope, type Event, parseStackFrames, serializeEnvelope } from "@sentry/core";
import type { Redactor } from "@assay/redaction";
import type { Dsn } from "./dsn.ts";
import { gateEnvelope } from "./envelope-gate.ts";
import { stackParser } from "./error-client.ts";
import { errorEventId } from "./event-id.ts";
import type { OtlpError } from "./otlp-errors.ts";
import { type Answer, post } from "./postbox.ts";
import { createRecent } from "./recent.ts";
import { tagsOf } from "./tags.ts";

export interface BridgeOptions {
  dsn: Dsn;
  redactor: Redactor;
  /** Milliseconds that a failed span without an exception waits for one of the same trace. */
  waitMs: number;
}

/** How a request's errors ended: `away` when Sentry could not take one of them, with what it refused for good. */
export interface Forwarded {
  away: boolean;
  refused: number;
}

const REMEMBERED = 20_000;

/**
 * Makes what turns OTLP errors into Sentry events, one for each error.
 *
 * A recorded exception is one event, however many spans and records carry it. A failed span that records none is one
 * when nothing else of its trace says more: no exception, and no failed span above it.
 */
export function createBridge({ dsn, redactor, waitMs }: BridgeOptions): {
  forward(errors: readonly OtlpError[]): Promise<Forwarded>;
} {
  const sent = createRecent(REMEMBERED);
  const explained = createRecent(REMEMBERED);
  const failedSpans = createRecent(REMEMBERED);

  const isNews = ({ kind, traceId, parentSpanId }: OtlpError): boolean => {
    if (kind === "exception") return true;
    if (explained.has(traceId)) return false;
    // A failed call is reported by what made it, or was handled there.
    return kind === "call" ? parentSpanId === "" : !failedSpans.has(`${traceId}/${parentSpanId}`);
  };

  const forwardOne = async (error: OtlpError): Promise<Answer> => {
    const event = eventOf(error, redactor);
    const eventId = event.event_id ?? "";
    if (sent.has(eventId)) return "accepted";
    const gated = gateEnvelope(createEnvelope({}, [[{ type: "event" }, event]] as never), redactor);
    if (gated === undefined) return "refused";
    const answer = await post(dsn, Buffer.from(serializeEnvelope(gated)));
    // A refused event is not tried again; an event that is on its way twice is accepted once.
    if (answer !== "away") sent.add(eventId);
    return answer;
  };

  return {
    async forward(errors) {
      for (const error of errors) {
        if (error.kind === "exception") explained.add(error.traceId);
        else failedSpans.add(`${error.traceId}/${error.spanId}`);
      }
      if (errors.some((error) => error.kind !== "exception" && isNews(error))) {
        // The exception may come in another request; until then this one is not acknowledged.
        await new Promise((resolve) => {
          setTimeout(resolve, waitMs);
        });
      }
      let refused = 0;
      for (const error of errors.filter(isNews)) {
        const answer = await forwardOne(error);
        if (answer === "away") return { away: true, refused };
        if (answer === "refused") refused += 1;
      }
      return { away: false, refused };
    },
  };
}

function eventOf(error: OtlpError, redactor: Redactor): Event {
  const type = String(redactor.value("exception.type", error.type));
  const message = String(redactor.value("exception.message", error.message));
  const stack = String(redactor.value("exception.stacktrace", error.stack));
  const { attributes, traceId, spanId } = error;
  const release = attributes["service.version"];
  const environment = attributes["deployment.environment.name"];
  const frames =
    stack === "" ? [] : parseStackFrames(stackParser, Object.assign(new Error(), { stack }));
  return {
    // Outside a trace the time tells errors apart, and the same record sent again has the same id.
    event_id: errorEventId({ traceId: traceId || error.timeUnixNano, type, message, stack }),
    timestamp: Number(BigInt(error.timeUnixNano) / 1_000_000n) / 1_000,
    platform: "node",
    level: error.level,
    ...(typeof release === "string" ? { release } : {}),
    environment: typeof environment === "string" ? environment : "production",
    exception: {
      values: [
        {
          type,
          value: message,
          mechanism: { type: "assay.bridge", handled: true },
          ...(frames.length === 0 ? {} : { stacktrace: { frames } }),
        },
      ],
    },
    ...(traceId === "" ? {} : { contexts: { trace: { trace_id: traceId, span_id: spanId } } }),
    tags: tagsOf(attributes),
  };
}
