import { createHash, randomUUID } from "node:crypto";

/** What makes one error the same error on both ways to Sentry; every text after redaction. */
export interface ErrorIdentity {
  /** Outside any trace the time of the log record that tells of the error too, or empty. */
  traceId: string;
  type: string;
  message: string;
  stack: string;
}

/**
 * Gives the Sentry event id of an error: 32 hex digits, the same in the process and in the bridge.
 *
 * A server that gets an error on both ways sees one id twice and keeps one event. An error with neither trace nor time
 * has a random id: the same failure every minute is not one event.
 */
export function errorEventId({ traceId, type, message, stack }: ErrorIdentity): string {
  if (traceId === "") return randomUUID().replaceAll("-", "");
  const identity = JSON.stringify([traceId, type, message, stack]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 32);
}

/**
 * Gives what an error is known by beside its id: the same in the span event of it and in the line of a logger that kept
 * its text alone, which may call its type by another name. Undefined where that is too little to know it by.
 */
export function errorTwin({ traceId, message, stack }: ErrorIdentity): string | undefined {
  return traceId === "" || stack === ""
    ? undefined
    : errorEventId({ traceId, type: "", message, stack });
}

/** Type, message and stack of anything thrown, as OpenTelemetry's recordException writes them. */
export function describe(error: unknown): { type: string; message: string; stack: string } {
  if (typeof error === "string") return { type: "Error", message: error, stack: "" };
  if (typeof error !== "object" || error === null) {
    return { type: "Error", message: String(error), stack: "" };
  }
  const { code, name, message, stack } = error as Record<string, unknown>;
  // recordException prefers a code such as ECONNREFUSED, but not 0, to the name of the class.
  const type = code || name;
  return {
    type: typeof type === "string" || typeof type === "number" ? String(type) : "Error",
    message: typeof message === "string" ? message : "",
    stack: typeof stack === "string" ? stack : "",
  };
}

// Of DOMException, which has a number where other errors have a code.
const NAMES: Readonly<Record<string, string>> = {
  "19": "NetworkError",
  "20": "AbortError",
  "23": "TimeoutError",
  "25": "DataCloneError",
};

/** Gives what an issue is called after: the type, and for the platform's errors, whose type is "23", their name. */
export function titleOf({ type, stack }: Pick<ErrorIdentity, "type" | "stack">): string {
  const name = NAMES[type];
  return name !== undefined && stack.startsWith(name) ? name : type;
}
