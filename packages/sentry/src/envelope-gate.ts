import type { Envelope, Event } from "@sentry/core";
import type { Redactor } from "@assay/redaction";
import { SDK } from "./dsn.ts";
import { USER_ID } from "./tags.ts";

/** Fields of an event that may leave. Requests, breadcrumbs, modules and extras are not among them. */
const FIELDS = [
  "timestamp",
  "platform",
  "level",
  "logger",
  "release",
  "environment",
  "message",
  "transaction",
  "fingerprint",
  "tags",
] as const;

const MOST_EXCEPTIONS = 10;
const MOST_FRAMES = 50;
const MOST_DEPTH = 8;
const LONGEST_TAG = 200;

/**
 * Gives the event that may leave: its fields from a list, every key and value redacted.
 *
 * Of a stack frame, source lines and variables stay here; of a user all but the pseudonym of the id. Throws when the redactor does; the caller drops the event.
 */
export function gateEvent(event: Event, redactor: Redactor): Event {
  const kept = Object.fromEntries(
    FIELDS.flatMap((field) => (event[field] === undefined ? [] : [[field, event[field]]])),
  );
  const trace = event.contexts?.trace;
  const values = event.exception?.values?.slice(-MOST_EXCEPTIONS).map((value) => ({
    type: value.type,
    value: value.value,
    mechanism: value.mechanism && {
      type: value.mechanism.type,
      handled: value.mechanism.handled,
      exception_id: value.mechanism.exception_id,
      parent_id: value.mechanism.parent_id,
      source: value.mechanism.source,
    },
    stacktrace: value.stacktrace?.frames && {
      frames: value.stacktrace.frames.slice(-MOST_FRAMES).map((frame) => ({
        filename: frame.filename,
        function: frame.function,
        module: frame.module,
        lineno: frame.lineno,
        colno: frame.colno,
        in_app: frame.in_app,
      })),
    },
  }));
  const gated = redacted(redactor, "event", {
    ...kept,
    ...(values === undefined ? {} : { exception: { values } }),
  });
  const { tags } = gated as Event;
  return {
    ...(gated as Event),
    ...(tags === undefined ? {} : { tags: cutTags(tags) }),
    ...gatedUser(event.user, redactor),
    // Ids are kept as they are, and are nothing but ids.
    ...(isHex(event.event_id, 32) ? { event_id: event.event_id } : {}),
    ...(isHex(trace?.trace_id, 32) && isHex(trace?.span_id, 16)
      ? { contexts: { trace: { trace_id: trace.trace_id, span_id: trace.span_id } } }
      : {}),
    sdk: { ...SDK },
  };
}

/**
 * Gives the envelope that may leave: its error events, each through the gate, under a new header.
 *
 * `undefined` when nothing of it may: transactions, sessions, attachments, logs, metrics, feedback, replays, profiles
 * and client reports never do.
 */
export function gateEnvelope(envelope: Envelope, redactor: Redactor): Envelope | undefined {
  const items = (envelope[1] as [{ type: string }, unknown][]).flatMap(([header, payload]) => {
    if (header.type !== "event" || typeof payload !== "object" || payload === null) return [];
    return [[{ type: "event" }, gateEvent(payload, redactor)] as const];
  });
  if (items.length === 0) return undefined;
  const eventId = items[0]?.[1].event_id;
  const header = { event_id: eventId, sent_at: new Date().toISOString(), sdk: { ...SDK } };
  return [header, items] as unknown as Envelope;
}

const GATED = Symbol.for("assay.sentry.gated");

/** A class of clients, as @sentry/core exports it: `Client`, or `BaseClient` before version 9. */
export interface ClientClass {
  prototype: object;
}

type SendEnvelope = (envelope: Envelope) => PromiseLike<unknown>;

/**
 * Puts every client of this class and of those that extend it behind the gate, also one that exists already.
 *
 * What cannot be judged is dropped and counted. Done once, however often it is called. False when the class does not
 * send as the versions 7 to 11 of @sentry/core do; then nothing is changed.
 */
export function gateClients(
  { prototype }: ClientClass,
  redactor: Redactor,
  onDropped: (reason: string, count: number) => void,
): boolean {
  const methods = prototype as Record<string, unknown> & { [GATED]?: true };
  if (methods[GATED]) return true;
  const name = ["sendEnvelope", "_sendEnvelope"].find((key) => typeof methods[key] === "function");
  if (name === undefined) return false;
  methods[GATED] = true;
  const send = methods[name] as SendEnvelope;
  methods[name] = function sendGated(this: unknown, envelope: Envelope) {
    const gated = judge(envelope, redactor, onDropped);
    return gated === undefined ? Promise.resolve({}) : send.call(this, gated);
  };
  return true;
}

function judge(
  envelope: Envelope,
  redactor: Redactor,
  onDropped: (reason: string, count: number) => void,
): Envelope | undefined {
  try {
    const gated = gateEnvelope(envelope, redactor);
    if (gated === undefined) onDropped("item_type", 1);
    return gated;
  } catch {
    onDropped("redaction_failed", 1);
    return undefined;
  }
}

// Without a key all users would be one mask, and an issue that reaches thousands would seem to reach one.
function gatedUser(user: Event["user"], redactor: Redactor): Pick<Event, "user"> {
  const id = user?.id;
  if (typeof id !== "string" && typeof id !== "number") return {};
  const pseudonym = String(redactor.value(USER_ID, String(id)));
  return pseudonym.startsWith("p1.") ? { user: { id: pseudonym } } : {};
}

// After redaction, at Sentry's limit: half a card number is not recognised.
function cutTags(tags: NonNullable<Event["tags"]>): NonNullable<Event["tags"]> {
  return Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [
      name,
      typeof value === "string" ? value.slice(0, LONGEST_TAG) : value,
    ]),
  );
}

function isHex(id: string | undefined, digits: number): id is string {
  return id !== undefined && id.length === digits && /^[0-9a-f]+$/.test(id);
}

// Walks the structure itself, so that the redactor's limits on one value do not cut a long stack.
function redacted(redactor: Redactor, key: string, value: unknown, depth = 0): unknown {
  if (depth > MOST_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((item) => redacted(redactor, key, item, depth + 1));
  if (typeof value !== "object" || value === null) {
    return value === undefined ? undefined : redactor.value(key, value);
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const kept = redacted(redactor, name, item, depth + 1);
      return kept === undefined ? [] : [[redactor.text(name), kept]];
    }),
  );
}
