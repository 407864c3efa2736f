import { type Attributes, type Counter, trace } from "@opentelemetry/api";
import {
  ATTR_FINANCE_RATE_LIMITING_OUTCOME,
  ATTR_FINANCE_RATE_LIMITING_POLICY_NAME,
  ATTR_FINANCE_RATE_LIMITING_SCOPE,
  ATTR_FINANCE_TENANT_TIER,
  type FinanceAttributes,
  INSTRUMENT_FINANCE_RATE_LIMITING_HITS,
} from "@assay/semconv";
import { createCounter, perMeter } from "./instruments.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { currentTenant, type Tenant } from "./tenant.ts";
import { wide } from "./wide-event.ts";
import {
  createWindowLimiter,
  type RateLimitUse,
  type WindowLimiterOptions,
} from "./window-limiter.ts";

type Tier = NonNullable<Tenant["tier"]>;

/** A limit of the service's own API, as telemetry knows it. */
export interface RateLimitPolicy {
  /** Bounded: "stk_push_per_tenant". */
  policy: string;
  /** What it counts by. */
  scope?: NonNullable<FinanceAttributes["finance.rate_limiting.scope"]>;
  /** Tiers that callers have; their counters begin at zero. */
  tiers?: readonly Tier[];
}

/** What happened to a request at a limit. */
export interface RateLimitHit {
  /** Of the tenant on whose behalf the caller works, when absent. */
  tier?: Tier | undefined;
  outcome?: "rejected" | "delayed";
}

/** Tells telemetry of a limit. */
export interface RateLimitHits {
  /** Counts a request that the limit did not let through as it came, and writes it on its span and record. */
  hit(hit?: RateLimitHit): void;
}

/** A request that a limit has counted. */
export interface RateLimitVerdict extends RateLimitUse {
  /** For the response, whatever the verdict; with 429 they tell when to try again. */
  headers: Record<string, string>;
}

/** A limit of the service's own API. */
export interface RateLimit extends RateLimitHits {
  /** Counts a request of `key`, such as a tenant's id, which telemetry does not get. */
  take(key: string, hit?: Pick<RateLimitHit, "tier">): RateLimitVerdict;
}

/**
 * Makes the count of requests that a limit of the application's own refuses: `finance.rate_limiting.hits`.
 *
 * @example
 * const perTenant = rateLimitHits({ policy: "stk_push_per_tenant", scope: "tenant", tiers: ["basic", "premium"] });
 * if (remaining < 0) perTenant.hit({ tier: tenant.tier });
 */
export function rateLimitHits({ policy, scope, tiers = [] }: RateLimitPolicy): RateLimitHits {
  const common: Attributes = { [ATTR_FINANCE_RATE_LIMITING_POLICY_NAME]: policy };
  if (scope !== undefined) common[ATTR_FINANCE_RATE_LIMITING_SCOPE] = scope;
  const labelsOf = (tier: Tier | undefined, outcome: string): Attributes => {
    const labels = { ...common, [ATTR_FINANCE_RATE_LIMITING_OUTCOME]: outcome };
    return tier === undefined ? labels : { ...labels, [ATTR_FINANCE_TENANT_TIER]: tier };
  };
  const hits = perMeter((): Counter => {
    const counter = createCounter(INSTRUMENT_FINANCE_RATE_LIMITING_HITS);
    for (const tier of tiers.length === 0 ? [undefined] : tiers) {
      for (const outcome of ["rejected", "delayed"]) counter.add(0, labelsOf(tier, outcome));
    }
    return counter;
  });
  hits();
  return {
    hit({ tier = currentTenant()?.tier, outcome = "rejected" } = {}) {
      hits().add(1, labelsOf(tier, outcome));
      const known = {
        [ATTR_FINANCE_RATE_LIMITING_POLICY_NAME]: policy,
        [ATTR_FINANCE_RATE_LIMITING_OUTCOME]: outcome,
      };
      trace.getActiveSpan()?.setAttributes(known);
      wide.set(known);
    },
  };
}

/**
 * Makes a limit that counts in this process, with its headers and its telemetry; see `createWindowLimiter` for how it
 * counts. For a limiter of the application's own there are `rateLimitHits` and `rateLimitHeaders`.
 *
 * @example
 * const perTenant = createRateLimit({ policy: "api_per_tenant", scope: "tenant", limit: 100, windowSeconds: 60 });
 * const { isAllowed, headers } = perTenant.take(tenant.id, { tier: tenant.tier });
 * response.writeHead(isAllowed ? 200 : 429, headers);
 */
export function createRateLimit(options: RateLimitPolicy & WindowLimiterOptions): RateLimit {
  const limiter = createWindowLimiter(options);
  const hits = rateLimitHits(options);
  const { policy } = options;
  return {
    ...hits,
    take(key, { tier } = {}) {
      const taken = limiter.take(key);
      if (!taken.isAllowed) hits.hit({ tier });
      const headers = rateLimitHeaders({ policy, ...taken, isRejected: !taken.isAllowed });
      return { ...taken, headers };
    },
  };
}
