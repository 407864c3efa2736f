import type { Failure } from "./outcome.ts";

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
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const DEEPEST = 5;

/**
 * What an error of the work means for the payment, when the work did not say it by `fail`.
 *
 * A request that may have arrived leaves the outcome unknown; one that was never sent failed on the way; any other error
 * is the platform's own.
 */
export function failureOf(error: unknown): Failure {
  let link: unknown = error;
  for (let depth = 0; depth < DEEPEST && typeof link === "object" && link !== null; depth += 1) {
    const { code, name, cause } = link as { code?: unknown; name?: unknown; cause?: unknown };
    if (UNREACHABLE.has(String(code)))
      return { outcome: "failed", domain: "network", retriable: true };
    if (SILENT.has(String(code)) || name === "TimeoutError" || name === "AbortError") {
      return { outcome: "unknown", domain: "network", retriable: false };
    }
    link = cause;
  }
  return { outcome: "failed", domain: "platform", retriable: false };
}
