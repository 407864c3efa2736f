/** What a response says of one of its sender's limits. Seconds count from the response. */
export interface RateLimitState {
  /** Absent of headers that name none. */
  policy?: string;
  limit?: number;
  remaining?: number;
  windowSeconds?: number;
  resetSeconds?: number;
  /** Of the response and not of a policy; it stands on the first. */
  retryAfterSeconds?: number;
}

/** Headers of `fetch`, of `node:http`, or a plain object with small letters. */
export type HeadersLike =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

// More than any policy has, and a bound for what a peer may send.
const MOST_POLICIES = 8;
const LONGEST = 2_000;
// Seconds above this are a moment since 1970 and no duration, above that times 1,000 in milliseconds.
const A_MOMENT = 1_000_000_000;

/**
 * Reads what a response says of rate limits: `RateLimit` and `RateLimit-Policy` of the IETF's draft 10, the
 * `RateLimit-Limit`, `-Remaining` and `-Reset` of the drafts before it, `X-RateLimit-*`, and `Retry-After`.
 *
 * Empty when it says nothing. What cannot be read is left out.
 *
 * @example const [{ remaining, resetSeconds } = {}] = readRateLimits(response.headers);
 */
export function readRateLimits(headers: HeadersLike, now: Date = new Date()): RateLimitState[] {
  const get = reader(headers);
  const states = fromDraft(get("ratelimit"), get("ratelimit-policy"));
  if (states.length === 0) {
    const older = fromNumbers(get, "ratelimit", now) ?? fromNumbers(get, "x-ratelimit", now);
    if (older !== undefined) states.push(older);
  }
  const retryAfterSeconds = retryAfter(get("retry-after"), now);
  if (retryAfterSeconds === undefined) return states;
  return [{ ...states[0], retryAfterSeconds }, ...states.slice(1)];
}

type Get = (name: string) => string | undefined;

function reader(headers: HeadersLike): Get {
  const get =
    typeof headers.get === "function"
      ? (name: string) => (headers as Headers).get(name)
      : (name: string) => (headers as Record<string, string | string[] | undefined>)[name];
  return (name) => {
    const value = get(name);
    const text = Array.isArray(value) ? value.join(", ") : value;
    return typeof text === "string" ? text.slice(0, LONGEST) : undefined;
  };
}

// RateLimit-Policy: "hourly";q=1000;w=3600   RateLimit: "hourly";r=999;t=1800
function fromDraft(current: string | undefined, policies: string | undefined): RateLimitState[] {
  const states = new Map<string, RateLimitState>();
  for (const { name, numbers } of [...itemsOf(policies), ...itemsOf(current)]) {
    const state = states.get(name) ?? { policy: name };
    if (states.size >= MOST_POLICIES && !states.has(name)) continue;
    const { q: limit, w: windowSeconds, r: remaining, t: resetSeconds } = numbers;
    states.set(name, {
      ...state,
      ...(limit !== undefined && { limit }),
      ...(windowSeconds !== undefined && { windowSeconds }),
      ...(remaining !== undefined && { remaining }),
      ...(resetSeconds !== undefined && { resetSeconds }),
    });
  }
  return [...states.values()];
}

interface Item {
  name: string;
  numbers: Readonly<Record<string, number>>;
}

// A list of structured fields (RFC 9651), as far as these headers use it: strings with whole numbers as parameters.
function* itemsOf(text = ""): Generator<Item> {
  const item =
    /"((?:[^"\\]|\\["\\]){1,100})"((?:\s*;\s*[a-z]{1,10}=(?:"[^"]*"|:[^:]*:|[\w.-]+))*)/g;
  for (const [, name = "", parameters = ""] of text.matchAll(item)) {
    const numbers: Record<string, number> = {};
    for (const [, key = "", value] of parameters.matchAll(/;\s*([a-z]+)=(\d{1,15})(?![\w.])/g)) {
      numbers[key] = Number(value);
    }
    yield { name: name.replaceAll(/\\(.)/g, "$1"), numbers };
  }
}

function fromNumbers(get: Get, prefix: string, now: Date): RateLimitState | undefined {
  const limit = wholeOf(get(`${prefix}-limit`));
  const remaining = wholeOf(get(`${prefix}-remaining`));
  if (limit === undefined && remaining === undefined) return undefined;
  const reset = wholeOf(get(`${prefix}-reset`));
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(reset !== undefined && { resetSeconds: untilSeconds(reset, now) }),
  };
}

// Some write the seconds that are left, some a moment since 1970, and some that in milliseconds.
function untilSeconds(reset: number, now: Date): number {
  if (reset < A_MOMENT) return reset;
  const moment = reset >= A_MOMENT * 1_000 ? reset : reset * 1_000;
  return Math.max(0, Math.ceil((moment - now.getTime()) / 1_000));
}

// The first number: older drafts wrote "100, 100;w=60".
function wholeOf(text: string | undefined): number | undefined {
  const match = /^\s*(\d{1,15})(?![\d.])/.exec(text ?? "");
  return match === null ? undefined : Number(match[1]);
}

function retryAfter(text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text);
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : untilSeconds(moment, now);
}
