import type { Failure } from "../outcome.ts";
import { failureOf } from "../thrown.ts";

/** Stable, and the value of `error.type` on metrics. */
export type DarajaErrorCode =
  /** What was to be sent is no request; nothing was sent. */
  | "DARAJA_REQUEST"
  /** Daraja answered, and not with what was asked. */
  | "DARAJA_REFUSED"
  /** The request went out and nothing readable came back: what became of it is not known. */
  | "DARAJA_SILENT"
  /** The request was never sent. */
  | "DARAJA_UNREACHABLE";

/** What is known of a call that did not go as asked. */
export interface DarajaFailure {
  /** What it means; `code` only where the failure catalogue knows it, so that it may be a label. */
  failure: Failure & { code?: string };
  /** Daraja's own code. */
  providerCode?: string | undefined;
  httpStatus?: number | undefined;
  /** When Daraja says so, as with 429. */
  retryAfterSeconds?: number | undefined;
}

/**
 * A call of Daraja that did not go as asked. Thrown in the work of `payments.run`, it settles the payment as `failure`
 * says: refused and unreachable are failures, silence is unknown.
 *
 * Its message names the operation and codes, nothing of the request and nothing that Daraja wrote; it has no cause,
 * since an HTTP client's error may hold the request.
 */
export class DarajaError extends Error implements DarajaFailure {
  readonly code: DarajaErrorCode;
  /** As on metrics: "stk_push"; "token" when there was no access token, and then nothing else was sent. */
  readonly operation: string;
  readonly failure: Failure & { code?: string };
  readonly providerCode: string | undefined;
  readonly httpStatus: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: DarajaErrorCode, operation: string, message: string, known: DarajaFailure) {
    super(message);
    this.name = "DarajaError";
    this.code = code;
    this.operation = operation;
    this.failure = known.failure;
    this.providerCode = known.providerCode;
    this.httpStatus = known.httpStatus;
    this.retryAfterSeconds = known.retryAfterSeconds;
  }
}

/** What was to be sent is no request. */
export function notARequest(operation: string, sentence: string): DarajaError {
  return new DarajaError("DARAJA_REQUEST", operation, sentence, {
    failure: { outcome: "failed", domain: "platform", retriable: false },
  });
}

/** Nothing readable came back. A call that changes nothing has failed then; any other one nobody knows of. */
export function silent(operation: string, reason: string, changesNothing: boolean): DarajaError {
  const after = changesNothing ? "" : "; whether it was carried out is not known";
  return new DarajaError(
    "DARAJA_SILENT",
    operation,
    `Daraja did not answer ${operation} (${reason})${after}`,
    {
      failure: changesNothing
        ? { outcome: "failed", domain: "network", retriable: true }
        : { outcome: "unknown", domain: "network", retriable: false },
    },
  );
}

/** What `fetch` threw, without what it may hold of the request. */
export function thrownByFetch(
  error: unknown,
  operation: string,
  changesNothing: boolean,
): DarajaError {
  const reason = reasonOf(error);
  const failure = failureOf(error);
  if (failure.domain === "network" && failure.outcome === "failed") {
    return new DarajaError(
      "DARAJA_UNREACHABLE",
      operation,
      `Daraja could not be reached for ${operation} (${reason})`,
      { failure },
    );
  }
  // `fetch` rejects like this when its arguments are no request; whatever else it throws, it may have sent one.
  if (error instanceof TypeError && error.cause === undefined) {
    return notARequest(operation, `the request for ${operation} could not be made (${reason})`);
  }
  return silent(operation, reason, changesNothing);
}

const DEEPEST = 5;

// A code or a name, never a message.
function reasonOf(error: unknown): string {
  let link: unknown = error;
  let name = "Error";
  for (let depth = 0; depth < DEEPEST && link instanceof Error; depth += 1) {
    const { code } = link as { code?: unknown };
    if (typeof code === "string" && /^[A-Z][A-Z_]{2,40}$/.test(code)) return code;
    if (depth === 0 && /^[A-Za-z]{1,40}$/.test(link.name)) ({ name } = link);
    link = link.cause;
  }
  return name;
}
