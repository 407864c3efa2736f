import { createEnvelope, type Event, parseStackFrames, serializeEnvelope } from "@sentry/core";
import type { Redactor } from "@assay/redaction";
import type { Fate, Project } from "./bridge-project.ts";
import { routeOf } from "./bridge-projects.ts";
import {
  ATTR_FINANCE_FAILURE_DOMAIN,
  FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER,
} from "@assay/semconv/outcome";
import { gateEnvelope } from "./envelope-gate.ts";
import { secondsOf, stackParser } from "./error-client.ts";
import { errorEventId, errorTwin, titleOf } from "./event-id.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { OtlpError } from "./otlp-errors.ts";
import { createRecent, createRecentMap } from "./recent.ts";
import type { SetAsideRecord } from "./set-aside.ts";
import { tagsOf, userOf } from "./tags.ts";

export interface BridgeOptions {
  projects: readonly Project[];
  redactor: Redactor;
  /** Milliseconds that a failed span without an exception waits for one of the same trace. */
  waitMs: number;
  /** Told of each event that was taken, or is to come again. */
  onFate: (project: string, result: Fate["result"]) => void;
  /** Told of each error that can be no issue, instead. */
  onSetAside: (record: SetAsideRecord) => void;
}

/** How a request's errors ended. */
export interface Forwarded {
  /** Errors that can be no issue. */
  refused: number;
  /** When to send the request again, in milliseconds from now, because Sentry did not take all of it; else undefined. */
  againInMs: number | undefined;
  /** All that was not taken is of projects that Sentry limits. */
  isLimited: boolean;
}

type Said = Pick<OtlpError, "id" | "type" | "message" | "stack">;

const ID = /^[0-9a-f]{32}$/;
const REMEMBERED = 20_000;
const MOST_FAILURES_IN_A_ROW = 3;
const MOST_STEPS = 100;
const AWAY_MS = 5_000;
const UNKNOWN_SERVICE = "unknown_service";

/**
 * Makes what turns OTLP errors into Sentry events, one for each error.
 *
 * A recorded exception is one event, however many spans and records carry it. A failed span that records none is one
 * when nothing else of its trace says more: no exception, and no failed span above it. What a call has thrown is its
 * caller's to report: it is none where the caller handled it, and what a failed caller says that says no more.
 */
export function createBridge({ projects, redactor, waitMs, onFate, onSetAside }: BridgeOptions): {
  forward(errors: readonly OtlpError[]): Promise<Forwarded>;
} {
  const projectOf = routeOf(projects);
  const explained = createRecent(REMEMBERED);
  const failedSpans = createRecentMap<Pick<OtlpError, "kind" | "parentSpanId">>(REMEMBERED);
  const thrownByCalls = createRecentMap<Said>(REMEMBERED);

  const isNews = ({ kind, traceId, parentSpanId, attributes }: OtlpError): boolean => {
    const { [ATTR_FINANCE_FAILURE_DOMAIN]: domain } = attributes;
    if (domain === FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER) return false;
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

  // Undefined when the error can be no issue, which is told.
  const forwardOne = async (error: OtlpError, project: Project): Promise<Fate | undefined> => {
    const judged = judge(error, redactor);
    if (judged === undefined) {
      onSetAside({ reason: "unjudgeable", project: project.name });
      return undefined;
    }
    const { eventId, twin, body } = judged;
    const fate = await project.send({ eventId, twin }, body);
    if (fate.result !== "refused" && fate.result !== "breaks_the_server") {
      onFate(project.name, fate.result);
      return fate;
    }
    const { result: reason, status } = fate;
    const envelope = Buffer.from(body).toString();
    onSetAside({ reason, project: project.name, eventId, status, envelope });
    return undefined;
  };

  // In their order; undefined once a project does not take events now. On one event alone the server may fail, so the
  // next ones are tried.
  const forwardTo = async (
    project: Project,
    errors: readonly OtlpError[],
  ): Promise<Pick<Forwarded, "refused"> & { fate?: Fate }> => {
    let refused = 0;
    let failuresInARow = 0;
    let last: Fate | undefined;
    for (const error of errors) {
      const fate = await forwardOne(error, project);
      if (fate === undefined) refused += 1;
      else if (fate.result === "limited") return { refused, fate };
      else if (fate.result === "away") {
        last = fate;
        failuresInARow += 1;
        if (!fate.isServerError || failuresInARow >= MOST_FAILURES_IN_A_ROW) break;
        continue;
      }
      failuresInARow = 0;
    }
    return last === undefined ? { refused } : { refused, fate: last };
  };

  return {
    async forward(errors) {
      for (const error of errors) {
        if (error.kind === "exception") explained.add(error.traceId);
        else {
          const { kind, parentSpanId } = error;
          failedSpans.set(`${error.traceId}/${error.spanId}`, { kind, parentSpanId });
          if (kind === "call" && error.stack !== "") {
            const { id, type, message, stack } = error;
            thrownByCalls.set(`${error.traceId}/${parentSpanId}`, { id, type, message, stack });
          }
        }
      }
      if (errors.some((error) => error.kind !== "exception" && isNews(error))) {
        // The exception may come in another request; until then this one is not acknowledged.
        await new Promise((resolve) => {
          setTimeout(resolve, waitMs);
        });
      }
      const byProject = new Map<Project, OtlpError[]>();
      let homeless = 0;
      for (const error of errors.filter(isNews)) {
        const thrown = thrownByCalls.get(`${error.traceId}/${error.spanId}`);
        const isBare = error.kind === "failed" && thrown !== undefined;
        const told = isBare ? { ...error, ...thrown } : error;
        const project = projectOf(serviceOf(error));
        if (project === undefined) {
          homeless += 1;
          onSetAside({ reason: "no_project" });
        } else byProject.set(project, [...(byProject.get(project) ?? []), told]);
      }
      // Beside each other, so that a project that does not answer holds up no other.
      const forwarded = await Promise.all(
        [...byProject].map(([project, those]) => forwardTo(project, those)),
      );
      const refused = forwarded.reduce((sum, one) => sum + one.refused, homeless);
      const fates = forwarded.flatMap(({ fate }) => (fate === undefined ? [] : [fate]));
      const waits = fates.map((fate) =>
        fate.result === "limited" ? Math.max(fate.untilMs - Date.now(), 0) : AWAY_MS,
      );
      return {
        refused,
        againInMs: waits.length === 0 ? undefined : Math.min(...waits),
        isLimited: fates.length > 0 && fates.every(({ result }) => result === "limited"),
      };
    },
  };
}

function serviceOf({ attributes }: OtlpError): string {
  const service = attributes["service.name"];
  return typeof service === "string" ? service : UNKNOWN_SERVICE;
}

// One event that cannot be judged is set aside, and the others of its request are not.
function judge(
  error: OtlpError,
  redactor: Redactor,
): { eventId: string; twin: string; body: Uint8Array } | undefined {
  try {
    const { event, twin } = eventOf(error, redactor);
    const gated = gateEnvelope(createEnvelope({}, [[{ type: "event" }, event]] as never), redactor);
    if (gated === undefined || event.event_id === undefined) return undefined;
    const eventId = event.event_id;
    return { eventId, twin: twin ?? eventId, body: Buffer.from(serializeEnvelope(gated)) };
  } catch {
    return undefined; // the reason may hold what could not be redacted
  }
}

function eventOf(error: OtlpError, redactor: Redactor): { event: Event; twin: string | undefined } {
  const type = String(redactor.value("exception.type", error.type));
  const message = String(redactor.value("exception.message", error.message));
  const stack = String(redactor.value("exception.stacktrace", error.stack));
  const { attributes, traceId, spanId } = error;
  const release = attributes["service.version"];
  const environment = attributes["deployment.environment.name"];
  const frames =
    stack === "" ? [] : parseStackFrames(stackParser, Object.assign(new Error(), { stack }));
  const fingerprint = fingerprintOf(attributes, type);
  const described = { type, message, stack };
  // Outside a trace the time tells errors apart, and the same record sent again has the same id.
  const hash = errorEventId({ traceId: traceId || error.timeUnixNano, ...described });
  const event: Event = {
    event_id: ID.test(error.id) ? error.id : hash,
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
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...userOf(attributes),
  };
  return { event, twin: errorTwin({ traceId, ...described }) };
}
