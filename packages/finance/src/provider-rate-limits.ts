import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_RATE_LIMITING_POLICY_NAME,
  INSTRUMENT_FINANCE_RATE_LIMITING_UTILIZATION,
} from "@assay/semconv";
import { OTHER } from "./buckets.ts";
import { createObservableGauge, perMeter } from "./instruments.ts";
import type { RateLimitState } from "./rate-limit-reading.ts";

interface Known {
  labels: Attributes;
  utilization: number;
  /** Of `performance.now()`; a window that has begun anew is not known. */
  until: number;
}

// A provider names its policies itself, and a label must not be unbounded.
const MOST_SERIES = 50;
// Of a response that does not say when its window ends; and the longest, of one that says anything.
const KNOWN_SECONDS = 60;
const LONGEST_SECONDS = 86_400;

const known = new Map<string, Known>();

const start = perMeter(() => {
  createObservableGauge(INSTRUMENT_FINANCE_RATE_LIMITING_UTILIZATION).addCallback((result) => {
    const now = performance.now();
    for (const [key, { labels, utilization, until }] of known) {
      if (until <= now) known.delete(key);
      else result.observe(utilization, labels);
    }
  });
});

/**
 * Makes a gauge of how much of a provider's rate limits is used: `finance.rate_limiting.utilization`, 1 when nothing is
 * left. What the last response said counts until its window ends.
 *
 * @example observeRateLimits("safaricom", readRateLimits(response.headers));
 */
export function observeRateLimits(provider: string, states: readonly RateLimitState[]): void {
  for (const { policy, limit, remaining, resetSeconds = KNOWN_SECONDS } of states) {
    if (limit === undefined || remaining === undefined || limit <= 0) continue;
    start();
    const named = policy === undefined ? "" : labelOf(provider, policy);
    known.set(`${provider} ${named}`, {
      labels: {
        [ATTR_FINANCE_PROVIDER_NAME]: provider,
        ...(named !== "" && { [ATTR_FINANCE_RATE_LIMITING_POLICY_NAME]: named }),
      },
      utilization: Math.min(1, Math.max(0, 1 - remaining / limit)),
      until: performance.now() + Math.min(resetSeconds, LONGEST_SECONDS) * 1_000,
    });
  }
}

function labelOf(provider: string, policy: string): string {
  return known.size < MOST_SERIES || known.has(`${provider} ${policy}`) ? policy : OTHER;
}
