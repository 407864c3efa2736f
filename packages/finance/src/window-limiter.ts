/** What a limiter says to one request. */
export interface RateLimitUse {
  isAllowed: boolean;
  limit: number;
  remaining: number;
  resetSeconds: number;
  windowSeconds: number;
}

export interface WindowLimiterOptions {
  /** Requests of one key that a window allows. */
  limit: number;
  windowSeconds: number;
  /** Keys that are counted at one time. Above it, the key whose window ends first is forgotten. */
  mostKeys?: number;
}

/** Counts the requests of each key in memory. */
export interface WindowLimiter {
  /** Counts a request of `key` and says whether it is within the limit. */
  take(key: string): RateLimitUse;
}

interface Window {
  endsAt: number;
  count: number;
}

/**
 * Makes a limiter for one process: of each key, so many requests in a window that begins with its first one.
 *
 * Whoever waits for the end of a window may send twice the limit around it. Processes do not know of each other; a
 * limit for all of them needs a store that they share. Throws RangeError for a limit or a window below 1.
 */
export function createWindowLimiter({
  limit,
  windowSeconds,
  mostKeys = 10_000,
}: WindowLimiterOptions): WindowLimiter {
  if (!(limit >= 1) || !(windowSeconds > 0) || !(mostKeys >= 1)) {
    throw new RangeError(
      `limit is ${limit}, windowSeconds ${windowSeconds} and mostKeys ${mostKeys}; use numbers above 0`,
    );
  }
  // In the order in which windows end, since all are equally long and each new one goes to the end.
  const windows = new Map<string, Window>();

  const begin = (key: string, now: number): Window => {
    windows.delete(key);
    // At most one is added a time, so two that go keep it small.
    for (let gone = 0; gone < 2; gone += 1) {
      const [first] = windows;
      if (first === undefined || (first[1].endsAt > now && windows.size < mostKeys)) break;
      windows.delete(first[0]);
    }
    const window = { endsAt: now + windowSeconds * 1_000, count: 0 };
    windows.set(key, window);
    return window;
  };

  return {
    take(key) {
      const now = performance.now();
      const known = windows.get(key);
      const window = known !== undefined && known.endsAt > now ? known : begin(key, now);
      const isAllowed = window.count < limit;
      if (isAllowed) window.count += 1;
      return {
        isAllowed,
        limit,
        remaining: Math.floor(limit - window.count),
        resetSeconds: (window.endsAt - now) / 1_000,
        windowSeconds,
      };
    },
  };
}
