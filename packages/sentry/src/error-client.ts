import { type Attributes, type SpanContext, trace } from "@opentelemetry/api";
import {
  Client,
  createStackParser,
  type Exception,
  linkedErrorsIntegration,
  Scope,
  serializeEnvelope,
  type SeverityLevel,
  type StackParser,
  type TraceContext,
} from "@sentry/core";
import { nodeStackLineParser, ServerRuntimeClient } from "@sentry/core/server";
import type { Redactor } from "@assay/redaction";
import { errorIdOf } from "@assay/semconv/error-id";
import { parseDsn, SDK } from "./dsn.ts";
import { gateClients } from "./envelope-gate.ts";
import { describe, errorEventId, type ErrorIdentity, errorTwin, titleOf } from "./event-id.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { createPostbox, type Pending } from "./postbox.ts";
import { createRecentMap } from "./recent.ts";
import { tagsOf, userOf } from "./tags.ts";

export interface ErrorClientOptions {
  /** `https://PUBLIC_KEY@HOST/PROJECT_ID`. */
  dsn: string;
  redactor: Redactor;
  /** `service.version`. */
  release?: string;
  environment?: string;
  serviceName?: string;
  /** Told of every event that does not reach the server, with the reason; never with the event. */
  onDropped?: (reason: string, count: number) => void;
  /** Told one sentence when delivery stops and when it goes on. */
  onDiagnostic?: (sentence: string) => void;
}

export interface CaptureHint {
  /** False for what ends the process. */
  handled?: boolean;
  /** What saw the error, as "recordException". */
  mechanism?: string;
  level?: "fatal" | "error" | "warning";
  /** The span that the error belongs to; the active one otherwise. */
  spanContext?: SpanContext;
  /** The span's attributes; those that the registry has as tags become tags. */
  attributes?: Attributes;
  /** When it happened, in nanoseconds since 1970; now otherwise. Outside any trace the event's id is made of it. */
  timeUnixNano?: string;
  /** What the span event says of it. The error may have changed since, and the id must be that of the span event. */
  recorded?: Described & { id?: string };
}

/** Type, message and stack, as a span event has them. */
type Described = Omit<ErrorIdentity, "traceId">;

/** Sends errors as Sentry events, behind the gate. */
export interface ErrorClient {
  /** Gives the event's id, or undefined when it could not be captured. One event per error, however many saw it. */
  capture(error: unknown, hint?: CaptureHint): string | undefined;
  /** Waits until what was captured is accepted, `timeoutMs` at most; false when it is not. */
  flush(timeoutMs: number): Promise<boolean>;
  /** Redacted envelopes that are not acknowledged, for delivery by other means when the process exits. */
  pending(): readonly Pending[];
  close(): Promise<void>;
}

/** Reads V8 stacks into Sentry's frames. */
export const stackParser: StackParser = createStackParser(nodeStackLineParser());

/** Gives an event's time in seconds; now when there is none. */
export function secondsOf(timeUnixNano = ""): number {
  const milliseconds = /^\d{1,20}$/.test(timeUnixNano)
    ? Number(BigInt(timeUnixNano) / 1_000_000n)
    : Date.now();
  return milliseconds / 1_000;
}

/**
 * Starts the error client: Sentry's server client, with traces left to OpenTelemetry.
 *
 * It installs nothing global but the gate, reads no SENTRY_* variable, sends no spans, sessions or reports, and keeps
 * the ids of the active OpenTelemetry span. Throws an Error of one sentence for a wrong DSN; `capture` never throws.
 *
 * @example startErrorClient({ dsn, redactor: createRedactor() }).capture(new Error("payout failed"));
 */
export function startErrorClient(options: ErrorClientOptions): ErrorClient {
  const { redactor, onDropped = () => {}, onDiagnostic = () => {} } = options;
  const dsn = parseDsn(options.dsn);
  const postbox = createPostbox({ dsn, onDropped, onDiagnostic });
  // By id and by what else they are known by.
  const seen = createRecentMap<string>(2_000);
  const captured = new WeakMap<object, string>();
  gateClients(Client, redactor, onDropped);

  const client = new ServerRuntimeClient({
    dsn: dsn.text,
    platform: "node",
    runtime: { name: "node", version: process.versions.node },
    ...(options.release === undefined ? {} : { release: options.release }),
    environment: options.environment ?? "production",
    // null, and never 0: with 0 Sentry counts tracing as on, with undefined it reads the environment.
    tracesSampleRate: null as never,
    sendClientReports: false,
    integrations: [linkedErrorsIntegration()],
    stackParser,
    _metadata: { sdk: { ...SDK } },
    transport: () => ({
      send(envelope) {
        const serialized = serializeEnvelope(envelope);
        postbox.put(
          typeof serialized === "string" ? new TextEncoder().encode(serialized) : serialized,
        );
        return Promise.resolve({});
      },
      flush: (timeoutMs) => postbox.flush(timeoutMs ?? 2_000),
    }),
  });
  client.init();

  return {
    capture(error, hint = {}) {
      try {
        const known = isObject(error) ? captured.get(error) : undefined;
        if (known !== undefined) return known;
        const spanContext = hint.spanContext ?? trace.getActiveSpan()?.spanContext();
        const described = hint.recorded ?? describe(error);
        const traceId = spanContext?.traceId ?? "";
        const identity = identityOf(described, redactor);
        const made = idOf(error, hint, {
          traceId: traceId || (hint.timeUnixNano ?? ""),
          ...identity,
        });
        const twin = errorTwin({ traceId, ...identity }) ?? made;
        const first = seen.get(made) ?? seen.get(twin);
        const eventId = first ?? made;
        if (isObject(error)) captured.set(error, eventId);
        if (first !== undefined) return first;
        seen.set(made, eventId);
        seen.set(twin, eventId);
        const scope = scopeOf(hint, spanContext, described, options.serviceName);
        unmarked(error, () =>
          client.captureException(
            error,
            {
              event_id: eventId,
              originalException: error,
              mechanism: {
                type: `assay.${hint.mechanism ?? "capture"}`,
                handled: hint.handled ?? true,
              },
            },
            scope,
          ),
        );
        return eventId;
      } catch {
        onDropped("capture_failed", 1);
        return undefined;
      }
    },
    flush: (timeoutMs) => postbox.flush(timeoutMs),
    pending: () => postbox.pending(),
    async close() {
      await postbox.flush(2_000);
    },
  };
}

// The id that the error carries, and a hash for one of which the bridge sees the text alone.
function idOf(error: unknown, { recorded }: CaptureHint, identity: ErrorIdentity): string {
  const hash = (): string => errorEventId(identity);
  return recorded === undefined ? errorIdOf(error, hash) : (recorded.id ?? hash());
}

function identityOf({ type, message, stack }: Described, redactor: Redactor): Described {
  // The keys are those under which a span event has them, so that both ways redact alike.
  return {
    type: String(redactor.value("exception.type", type)),
    message: String(redactor.value("exception.message", message)),
    stack: String(redactor.value("exception.stacktrace", stack)),
  };
}

function scopeOf(
  { level = "error", attributes = {}, timeUnixNano }: CaptureHint,
  spanContext: SpanContext | undefined,
  described: Described,
  serviceName: string | undefined,
): Scope {
  const scope = new Scope();
  const named =
    serviceName === undefined ? attributes : { "service.name": serviceName, ...attributes };
  const fingerprint = fingerprintOf(attributes, described.type);
  scope.addEventProcessor((event) => ({
    ...event,
    timestamp: secondsOf(timeUnixNano),
    level: level as SeverityLevel,
    exception: { values: withType(event.exception?.values ?? [], described) },
    tags: tagsOf(named),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...userOf(named),
    // Outside a trace an empty one: where there is none, Sentry invents ids.
    contexts: {
      trace: (spanContext === undefined
        ? {}
        : { trace_id: spanContext.traceId, span_id: spanContext.spanId }) as TraceContext,
    },
  }));
  return scope;
}

// The captured error is the last, after its causes. Its type is what a span event of it has, so that an error is one
// issue whichever way it came.
// For a thrown value without a stack Sentry gives its own, which would group such errors by our files.
function withType(values: Exception[], { type, stack }: Described): Exception[] {
  return values.map((value, index) => {
    if (index !== values.length - 1) return value;
    const { stacktrace, ...rest } = value;
    const title = titleOf({ type, stack });
    return {
      ...rest,
      type: title,
      ...(stack === "" || stacktrace === undefined ? {} : { stacktrace }),
    };
  });
}

const CAPTURED = "__sentry_captured__";

// Sentry marks what a client has captured, and no other client then sends it: an application's own Sentry would lose
// each error that we have seen.
function unmarked(error: unknown, capture: () => void): void {
  const wasMarked = isObject(error) && CAPTURED in error;
  capture();
  if (isObject(error) && !wasMarked) Reflect.deleteProperty(error, CAPTURED);
}

function isObject(error: unknown): error is object {
  return typeof error === "object" && error !== null;
}
