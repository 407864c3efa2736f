import { createBuckets } from "./buckets.ts";

export interface TenantBucketOptions {
  /** Most tenants that have a bucket of their own. */
  most?: number;
  /** Tenants that have one from the beginning, because a contract says so. */
  contractual?: readonly string[];
  /** Share of all measurements above which a tenant gets one, while there is room. */
  share?: number;
}

/** Gives a tenant its label on metrics. */
export interface TenantBuckets {
  /** Counts the tenant, and gives its own id or `_other`; `_other` for none. */
  of(tenantId: string | undefined): string;
  /** Gives the same and does not count it: for what is asked of all tenants alike. */
  peek(tenantId: string | undefined): string;
}

/**
 * Makes the labels of tenants on metrics: of thousands, the few that make most of the traffic have a label of their own.
 *
 * A bucket once given stays given, so no series comes and goes; what a tenant did before it had one is in `_other`, so
 * totals are conserved.
 */
export function createTenantBuckets({
  most = 20,
  contractual = [],
  share = 1 / (2 * most),
}: TenantBucketOptions = {}): TenantBuckets {
  if (contractual.length > most) {
    throw new RangeError(
      `${contractual.length} tenants are contractual and ${most} buckets are allowed; raise most, or name fewer`,
    );
  }
  return createBuckets({ most, given: contractual, share });
}
