/** What a response tells of a limit. */
export interface RateLimitTold {
  /** Name of the policy, bounded: "stk_push_per_tenant". */
  policy: string;
  /** Requests that the window allows. */
  limit: number;
  remaining: number;
  /** Until the window begins anew. */
  resetSeconds: number;
  windowSeconds?: number;
  /** The request was refused for it: adds `Retry-After`. */
  isRejected?: boolean;
}

/**
 * Writes the headers of a rate limit: `RateLimit` and `RateLimit-Policy` of the IETF's draft 10
 * (draft-ietf-httpapi-ratelimit-headers), and the `RateLimit-Limit`, `-Remaining` and `-Reset` of the drafts before it,
 * which most clients read. Seconds are rounded up, counts down; nothing is below 0.
 *
 * @example response.writeHead(429, rateLimitHeaders({ policy: "per_tenant", limit: 100, remaining: 0, resetSeconds: 30, isRejected: true }));
 */
export function rateLimitHeaders({
  policy,
  limit,
  remaining,
  resetSeconds,
  windowSeconds,
  isRejected = false,
}: RateLimitTold): Record<string, string> {
  const name = quoted(policy);
  const allowed = whole(Math.floor(limit));
  const left = whole(Math.floor(remaining));
  const reset = whole(Math.ceil(resetSeconds));
  const window = windowSeconds === undefined ? "" : `;w=${whole(Math.ceil(windowSeconds))}`;
  const headers: Record<string, string> = {
    "RateLimit-Policy": `${name};q=${allowed}${window}`,
    RateLimit: `${name};r=${left};t=${reset}`,
    "RateLimit-Limit": allowed,
    "RateLimit-Remaining": left,
    "RateLimit-Reset": reset,
  };
  if (isRejected) headers["Retry-After"] = reset;
  return headers;
}

// A string of RFC 9651 has printable ASCII only, and a header no line breaks.
function quoted(name: string): string {
  return `"${name.replaceAll(/[^\x20-\x7e]/g, "?").replaceAll(/["\\]/g, "\\$&")}"`;
}

// Integers of RFC 9651 have 15 digits at most.
function whole(value: number): string {
  return String(Math.min(Math.max(0, Number.isNaN(value) ? 0 : value), 999_999_999_999_999));
}
