import { type Failure, FAILURE_DOMAINS } from "./outcome.ts";

/** What a client of a provider may say about an error that it throws, as its property `failure`. */
export interface ToldFailure extends Failure {
  /** The provider's, only where the failure catalogue knows it: it becomes a label. */
  code?: string;
}

// The request may have been carried out: nobody knows until the provider is asked.
const SILENT = new Set([
  "ABORT_ERR",
  "ECONNABORTED",
  "ECONNRESET",
  "EPIPE",
  "ESOCKETTIMEDOUT",
  "ETIMEDOUT",
  "UND_ERR_ABORTED",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);
// The request was never sent.
const UNREACHABLE = new Set([
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const DEEPEST = 5;

/**
 * What an error of the work means for the payment, when the work did not say it by `fail`.
 *
 * An error that says so itself by a `failure` is believed. A request that may have arrived leaves the outcome unknown; one that was never sent failed on the way; any other error
 * is the platform's own.
 */
export function failureOf(error: unknown): ToldFailure {
  let link: unknown = error;
  for (let depth = 0; depth < DEEPEST && typeof link === "object" && link !== null; depth += 1) {
    const { code, name, cause, failure } = link as Partial<
      Record<"code" | "name" | "cause" | "failure", unknown>
    >;
    if (isFailure(failure)) return failure;
    if (UNREACHABLE.has(String(code)))
      return { outcome: "failed", domain: "network", retriable: true };
    if (SILENT.has(String(code)) || name === "TimeoutError" || name === "AbortError") {
      return { outcome: "unknown", domain: "network", retriable: false };
    }
    link = cause;
  }
  return { outcome: "failed", domain: "platform", retriable: false };
}

const OUTCOMES: ReadonlySet<unknown> = new Set(["failed", "cancelled", "expired", "unknown"]);
const DOMAINS: ReadonlySet<unknown> = new Set(FAILURE_DOMAINS);

function isFailure(value: unknown): value is ToldFailure {
  if (typeof value !== "object" || value === null) return false;
  const { outcome, domain, retriable } = value as Partial<Record<keyof Failure, unknown>>;
  return OUTCOMES.has(outcome) && DOMAINS.has(domain) && typeof retriable === "boolean";
}
