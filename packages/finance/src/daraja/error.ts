import { failureOf, type ToldFailure } from "../thrown.ts";

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

/** A call, as far as what it may have changed and where its codes are found. */
export interface Asked {
  /** As on metrics: "stk_push". */
  operation: string;
  /** Under which the failure catalogue knows its codes. */
  api: string;
  /** It moves or changes something, it asks about what was moved before, or it gets what both need first. */
  kind: "moves" | "asks" | "prepares";
}

/** What is known of a call that did not go as asked. */
export interface DarajaKnown {
  /** How the call itself ended; `code` only where the failure catalogue knows it, so that it may be a label. */
  call: ToldFailure;
  /** Daraja's own code. */
  providerCode?: string | undefined;
  httpStatus?: number | undefined;
  /** When Daraja says so, as with 429. */
  retryAfterSeconds?: number | undefined;
}

/**
 * A call of Daraja that did not go as asked. Thrown in the work of `payments.run` and `payments.resume`, it settles the
 * payment as `failure` says.
 *
 * Its message names the operation and codes, nothing of the request and nothing that Daraja wrote; it has no cause,
 * since an HTTP client's error may hold the request.
 */
export class DarajaError extends Error implements DarajaKnown {
  readonly code: DarajaErrorCode;
  /** Of what failed: "token" when there was no access token, and then nothing else was sent. */
  readonly operation: string;
  /**
   * What it means for the payment: refused and unreachable are failures, silence is unknown, and a question that is not
   * answered leaves the payment as unknown as it was.
   */
  readonly failure: ToldFailure;
  readonly call: ToldFailure;
  readonly providerCode: string | undefined;
  readonly httpStatus: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: DarajaErrorCode,
    { operation, kind }: Pick<Asked, "operation" | "kind">,
    message: string,
    { call, providerCode, httpStatus, retryAfterSeconds }: DarajaKnown,
  ) {
    super(message);
    this.name = "DarajaError";
    this.code = code;
    this.operation = operation;
    this.call = call;
    this.failure =
      kind === "asks" ? { outcome: "unknown", domain: call.domain, retriable: false } : call;
    this.providerCode = providerCode;
    this.httpStatus = httpStatus;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** An error on the way to a question, such as that of its token, says nothing about the payment either. */
export function beforeQuestion(error: unknown): unknown {
  if (!(error instanceof DarajaError)) return error;
  return new DarajaError(
    error.code,
    { operation: error.operation, kind: "asks" },
    error.message,
    error,
  );
}

/** What was to be sent is no request. */
export function notARequest(
  asked: Pick<Asked, "operation" | "kind">,
  sentence: string,
): DarajaError {
  return new DarajaError("DARAJA_REQUEST", asked, sentence, {
    call: { outcome: "failed", domain: "platform", retriable: false },
  });
}

/** Nothing readable came back. Without a token nothing was sent, so that is a failure; any other call nobody knows of. */
export function silent(asked: Asked, reason: string): DarajaError {
  const { operation, kind } = asked;
  const after = kind === "moves" ? "; whether it was carried out is not known" : "";
  const outcome = kind === "prepares" ? "failed" : "unknown";
  return new DarajaError(
    "DARAJA_SILENT",
    asked,
    `Daraja did not answer ${operation} (${reason})${after}`,
    { call: { outcome, domain: "network", retriable: kind !== "moves" } },
  );
}

/** What `fetch` threw, without what it may hold of the request. */
export function thrownByFetch(error: unknown, asked: Asked): DarajaError {
  const reason = reasonOf(error);
  const call = failureOf(error);
  if (call.domain === "network" && call.outcome === "failed") {
    const message = `Daraja could not be reached for ${asked.operation} (${reason})`;
    return new DarajaError("DARAJA_UNREACHABLE", asked, message, { call });
  }
  // `fetch` rejects like this when its arguments are no request; whatever else it throws, it may have sent one.
  if (error instanceof TypeError && error.cause === undefined) {
    return notARequest(asked, `the request for ${asked.operation} could not be made (${reason})`);
  }
  return silent(asked, reason);
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
