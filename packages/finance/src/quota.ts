import { type Attributes, diag } from "@opentelemetry/api";
import {
  ATTR_FINANCE_QUOTA_NAME,
  ATTR_FINANCE_TENANT_BUCKET,
  ATTR_FINANCE_TENANT_TIER,
  INSTRUMENT_FINANCE_QUOTA_UTILIZATION,
} from "@assay/semconv";
import { messageOf } from "./blame.ts";
import { createObservableGauge } from "./instruments.ts";
import type { Tenant } from "./tenant.ts";
import type { TenantBuckets } from "./tenant-buckets.ts";

/** How much of a quota of its subscription a tenant has used. */
export interface QuotaUse {
  /** Bounded: "stk_push_per_month". */
  quota: string;
  tenantId: string;
  tier: NonNullable<Tenant["tier"]>;
  used: number;
  /** 0 of a quota that has no limit; it is left out. */
  limit: number;
}

export interface QuotaOptions {
  /** Asked once at each export, of all tenants. */
  find: () => Promise<readonly QuotaUse[]>;
  /** Gives the tenants that have a bucket of their own a series of their own. */
  buckets?: TenantBuckets;
}

/**
 * Makes a gauge of the use of subscriptions: `finance.quota.utilization`, 1 when a quota is used up, more above it.
 *
 * A tenant has a series when it has a bucket; of all others of a tier, the one that has used the most counts, so that an
 * alert sees it, and the query names it. When `find` rejects the gauge has no value then, which an alert on absence
 * sees.
 *
 * @example
 * observeQuota({ buckets, find: async () => (await pool.query("select quota, tenant_id as \"tenantId\", …")).rows });
 */
export function observeQuota({ find, buckets }: QuotaOptions): void {
  createObservableGauge(INSTRUMENT_FINANCE_QUOTA_UTILIZATION).addCallback(async (result) => {
    try {
      for (const { labels, utilization } of fullest(await find(), buckets)) {
        result.observe(utilization, labels);
      }
    } catch (error) {
      diag.warn(`the use of quotas could not be asked for: ${messageOf(error)}`);
    }
  });
}

interface Series {
  labels: Attributes;
  utilization: number;
}

function fullest(uses: readonly QuotaUse[], buckets: TenantBuckets | undefined): Iterable<Series> {
  const series = new Map<string, Series>();
  for (const { quota, tenantId, tier, used, limit } of uses) {
    const utilization = used / limit;
    if (!(limit > 0) || Number.isNaN(utilization)) continue;
    const bucket = buckets?.peek(tenantId);
    const key = JSON.stringify([quota, tier, bucket]);
    const known = series.get(key);
    if (known !== undefined && known.utilization >= utilization) continue;
    const labels: Attributes = {
      [ATTR_FINANCE_QUOTA_NAME]: quota,
      [ATTR_FINANCE_TENANT_TIER]: tier,
    };
    if (bucket !== undefined) labels[ATTR_FINANCE_TENANT_BUCKET] = bucket;
    series.set(key, { labels, utilization });
  }
  return series.values();
}
