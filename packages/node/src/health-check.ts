import { plainRedactor } from "./redactors.ts";
import { lazy } from "./lazy.ts";

/** One thing that a service needs, and how to ask whether it is there. */
export interface HealthCheck {
  /** Key in the answer: up to 64 letters, digits, dots, dashes and underscores. */
  name: string;
  /**
   * Resolves when all is well; a text that it resolves to is why it is only degraded. Rejects when it is not well.
   *
   * `signal` is aborted when the time is over.
   */
  check: (signal: AbortSignal) => Promise<unknown>;
  /** Whether the service cannot work without it, so that `/readyz` answers 503; true unless given. */
  critical?: boolean;
  /** Milliseconds that it may take; 1,000 unless given. */
  timeoutMs?: number;
  /** Milliseconds for which an answer is given again; 5,000 unless given. */
  cacheMs?: number;
}

export type Health = "healthy" | "degraded" | "unhealthy";

/** What a check found. */
export interface CheckResult {
  name: string;
  critical: boolean;
  status: Health;
  /** Why it is not healthy, redacted. */
  message?: string;
  responseTimeMs: number;
  /** When it was asked, in milliseconds since 1970. */
  checkedAt: number;
}

const LONGEST_MESSAGE = 200;
const redactor = lazy(plainRedactor);

/**
 * Gives what asks a check: at most once at a time, and not again while its answer is fresh.
 *
 * Never rejects. One that does not end is unhealthy, and is not asked again before it has ended.
 */
export function createCheck(given: HealthCheck): () => Promise<CheckResult> {
  const { name, check, critical = true, timeoutMs = 1_000, cacheMs = 5_000 } = given;
  let known: { result: CheckResult; until: number } | undefined;
  let asking: Promise<CheckResult> | undefined;
  let isOut = false; // asked, and not ended

  const ask = async (): Promise<CheckResult> => {
    const began = performance.now();
    const checkedAt = Date.now();
    const late = new AbortController();
    isOut = true;
    const answer = (async () => check(late.signal))().then(
      (said): Partial<CheckResult> =>
        typeof said === "string" && said !== ""
          ? { status: "degraded", message: shown(said) }
          : { status: "healthy" },
      (error: unknown): Partial<CheckResult> => ({ status: "unhealthy", message: shown(error) }),
    );
    void answer.then(() => {
      isOut = false;
    });
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<Partial<CheckResult>>((resolve) => {
      timer = setTimeout(() => {
        resolve({ status: "unhealthy", message: `no answer within ${timeoutMs} ms` });
        late.abort();
      }, timeoutMs);
    });
    const found = await Promise.race([answer, timedOut]);
    clearTimeout(timer);
    const responseTimeMs = Math.round(performance.now() - began);
    const status = found.status ?? "unhealthy";
    return { name, critical, checkedAt, responseTimeMs, ...found, status };
  };

  return async () => {
    if (known !== undefined && (performance.now() < known.until || isOut)) return known.result;
    asking ??= ask().then((result) => {
      known = { result, until: performance.now() + cacheMs };
      asking = undefined;
      return result;
    });
    return asking;
  };
}

function shown(reason: unknown): string {
  try {
    const text = reason instanceof Error ? reason.message : String(reason);
    return redactor().text(text).slice(0, LONGEST_MESSAGE);
  } catch {
    return "[not shown]"; // what cannot be redacted is not shown
  }
}
