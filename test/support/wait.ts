/** How a wait is limited and how its failure is worded. */
export interface WaitOptions {
  /** What is awaited, as it reads after "waited 10 s for". */
  what: string;
  deadlineMs?: number;
  everyMs?: number;
  /** Ends the wait at once; its reason becomes the error. */
  signal?: AbortSignal;
}

/**
 * Asks `probe` again and again until it answers something other than undefined or false.
 *
 * An error from the probe counts as "not yet" (a server that starts refuses connections), but the last one
 * is told when the deadline passes.
 */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  { what, deadlineMs = 10_000, everyMs = 50, signal }: WaitOptions,
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + deadlineMs;
  let last: unknown;
  do {
    signal?.throwIfAborted();
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) {
        return answer as Exclude<T, undefined | false>;
      }
      last = undefined;
    } catch (error) {
      last = error;
    }
    await pause(everyMs);
  } while (performance.now() < deadline);
  signal?.throwIfAborted();
  throw new Error(`Waited ${deadlineMs / 1000} s for ${what}: it did not come.${told(last)}`, {
    cause: last,
  });
}

/** Reads JSON from a URL; an answer other than 2xx is an error with the start of its body. */
export async function getJson<T>(url: string | URL, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000), ...init });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${String(url)} answered ${response.status}: ${text.slice(0, 500)}`);
  }
  return JSON.parse(text) as T;
}

/** True when the URL answers 2xx; throws when nothing answers. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.ok;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function told(error: unknown): string {
  if (!(error instanceof Error)) {
    return "";
  }
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return ` The last attempt failed: ${error.message}${cause}`;
}
