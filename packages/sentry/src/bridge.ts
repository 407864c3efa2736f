import { createEnvelope, type Event, parseStackFrames, serializeEnvelope } from "@sentry/core";
import type { Redactor } from "@assay/redaction";
import { createBlame } from "./blame.ts";
import type { Dsn } from "./dsn.ts";
import { gateEnvelope } from "./envelope-gate.ts";
import { secondsOf, stackParser } from "./error-client.ts";
import { errorEventId, titleOf } from "./event-id.ts";
import type { OtlpError } from "./otlp-errors.ts";
import { post, type Posted } from "./postbox.ts";
import { createRecent, createRecentMap } from "./recent.ts";
import { tagsOf } from "./tags.ts";

export interface BridgeOptions {
  dsn: Dsn;
  redactor: Redactor;
  /** Milliseconds that a failed span without an exception waits for one of the same trace. */
  waitMs: number;
  /** Told one sentence when Sentry begins to refuse events; never with an event. */
  onDiagnostic: (sentence: string) => void;
}

/** How a request's errors ended: `away` when Sentry could not take one of them, with what it refused for good. */
export interface Forwarded {
  away: boolean;
  refused: number;
}

type Said = Pick<OtlpError, "type" | "message" | "stack">;

const REMEMBERED = 20_000;
const MOST_FAILURES_IN_A_ROW = 3;
const MOST_STEPS = 100;
const ACCEPTED: Posted = {
  answer: "accepted",
  isServerError: false,
  retryAfterMs: 0,
  status: undefined,
};
const REFUSED: Posted = { ...ACCEPTED, answer: "refused" };

/**
 * Makes what turns OTLP errors into Sentry events, one for each error.
 *
 * A recorded exception is one event, however many spans and records carry it. A failed span that records none is one
 * when nothing else of its trace says more: no exception, and no failed span above it. What a call has thrown is its
 * caller's to report: it is none where the caller handled it, and what a failed caller says that says no more.
 */
export function createBridge({ dsn, redactor, waitMs, onDiagnostic }: BridgeOptions): {
  forward(errors: readonly OtlpError[]): Promise<Forwarded>;
} {
  const sent = createRecent(REMEMBERED);
  const blame = createBlame<string>();
  const explained = createRecent(REMEMBERED);
  const failedSpans = createRecentMap<Pick<OtlpError, "kind" | "parentSpanId">>(REMEMBERED);
  const thrownByCalls = createRecentMap<Said>(REMEMBERED);

  let isRefusing = false;

  const isNews = ({ kind, traceId, parentSpanId }: OtlpError): boolean => {
    if (kind === "exception") return true;
    if (explained.has(traceId)) return false;
    // A failed call is reported by what made it, or was handled there.
    return kind === "call" ? parentSpanId === "" : !isSpokenFor(traceId, parentSpanId);
  };

  // Whether a failed span further up is an event. A failed call in between is none, and when its caller handled it, what
  // failed behind the call still has to be told.
  const isSpokenFor = (traceId: string, parentSpanId: string): boolean => {
    let above = parentSpanId;
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const span = failedSpans.get(`${traceId}/${above}`);
      if (span === undefined) return false;
      if (span.kind !== "call" || span.parentSpanId === "") return true;
      above = span.parentSpanId;
    }
    return false;
  };

  // Once, until something is accepted again.
  const tell = ({ answer, status }: Posted): void => {
    if (answer === "refused" && !isRefusing) onDiagnostic(refusal(status ?? 0));
    if (answer !== "away") isRefusing = answer === "refused";
  };

  const forwardOne = async (error: OtlpError): Promise<Posted> => {
    const judged = judge(error, redactor);
    if (judged === undefined) return REFUSED;
    const { eventId, body } = judged;
    if (sent.has(eventId)) return ACCEPTED;
    const posted = await post(dsn, body);
    tell(posted);
    if (posted.isServerError && blame.failed(eventId)) {
      sent.add(eventId);
      return REFUSED;
    }
    if (posted.answer === "accepted") blame.accepted(eventId);
    // A refused event is not tried again; an event that is on its way twice is accepted once.
    if (posted.answer !== "away") sent.add(eventId);
    return posted;
  };

  return {
    async forward(errors) {
      for (const error of errors) {
        if (error.kind === "exception") explained.add(error.traceId);
        else {
          const { kind, parentSpanId } = error;
          failedSpans.set(`${error.traceId}/${error.spanId}`, { kind, parentSpanId });
          if (kind === "call" && error.stack !== "") {
            const { type, message, stack } = error;
            thrownByCalls.set(`${error.traceId}/${parentSpanId}`, { type, message, stack });
          }
        }
      }
      if (errors.some((error) => error.kind !== "exception" && isNews(error))) {
        // The exception may come in another request; until then this one is not acknowledged.
        await new Promise((resolve) => {
          setTimeout(resolve, waitMs);
        });
      }
      let refused = 0;
      let isAway = false;
      let failuresInARow = 0;
      for (const error of errors.filter(isNews)) {
        const thrown = thrownByCalls.get(`${error.traceId}/${error.spanId}`);
        const isBare = error.kind === "failed" && thrown !== undefined;
        const { answer, isServerError } = await forwardOne(
          isBare ? { ...error, ...thrown } : error,
        );
        if (answer === "refused") refused += 1;
        if (answer === "away") isAway = true;
        // On one event alone the server may fail, so the next ones are tried.
        failuresInARow = answer === "away" ? failuresInARow + 1 : 0;
        if (failuresInARow > 0 && !isServerError) break;
        if (failuresInARow >= MOST_FAILURES_IN_A_ROW) break;
      }
      return { away: isAway, refused };
    },
  };
}

function refusal(status: number): string {
  // A redirect is not followed: it would take the events and the key to another host.
  const isOfDsn = status < 400 || [401, 403, 404].includes(status);
  return `Sentry refuses events with HTTP ${status}; ${isOfDsn ? "check the DSN" : "they are lost"}`;
}

// One event that cannot be judged is lost, and the others of its request are not.
function judge(
  error: OtlpError,
  redactor: Redactor,
): { eventId: string; body: Uint8Array } | undefined {
  try {
    const event = eventOf(error, redactor);
    const gated = gateEnvelope(createEnvelope({}, [[{ type: "event" }, event]] as never), redactor);
    if (gated === undefined || event.event_id === undefined) return undefined;
    return { eventId: event.event_id, body: Buffer.from(serializeEnvelope(gated)) };
  } catch {
    return undefined; // counted as refused by the caller; the reason may hold what could not be redacted
  }
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
    timestamp: secondsOf(error.timeUnixNano),
    platform: "node",
    level: error.level,
    ...(typeof release === "string" ? { release } : {}),
    environment: typeof environment === "string" ? environment : "production",
    exception: {
      values: [
        {
          type: titleOf({ type, stack }),
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
