/** The bucket of all tenants that have none of their own. */
export const OTHER_TENANTS = "_other";

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

// Before that many measurements a share says nothing.
const LEAST_SEEN = 100;
// Counters of Space-Saving for each bucket that may be given: the larger, the smaller the error of an estimate.
const WATCHED_PER_BUCKET = 20;

interface Watched {
  count: number;
  /** What it may have been counted too much: the count of whom it replaced. */
  error: number;
}

/**
 * Makes the labels of tenants on metrics: of thousands, the few that make most of the traffic have a label of their own.
 *
 * Space-Saving (Metwally, Agrawal, El Abbadi 2005) finds them in bounded memory. A bucket once given stays given, so no
 * series comes and goes; what a tenant did before it had one is in `_other`, so totals are conserved.
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
  const given = new Set(contractual);
  const watched = new Map<string, Watched>();
  const room = Math.max(1, most * WATCHED_PER_BUCKET);
  let seen = 0;

  const watch = (id: string): Watched => {
    const known = watched.get(id);
    if (known !== undefined) {
      known.count += 1;
      return known;
    }
    let error = 0;
    if (watched.size >= room) {
      const least = leastOf(watched);
      error = watched.get(least)!.count;
      watched.delete(least);
    }
    const fresh = { count: error + 1, error };
    watched.set(id, fresh);
    return fresh;
  };

  return {
    of(id) {
      if (id === undefined) return OTHER_TENANTS;
      if (given.has(id)) return id;
      if (given.size >= most) return OTHER_TENANTS;
      seen += 1;
      const { count, error } = watch(id);
      if (seen < LEAST_SEEN || count - error < share * seen) return OTHER_TENANTS;
      given.add(id);
      watched.delete(id);
      return id;
    },
    peek: (id) => (id !== undefined && given.has(id) ? id : OTHER_TENANTS),
  };
}

function leastOf(watched: ReadonlyMap<string, Watched>): string {
  let least = "";
  let count = Number.POSITIVE_INFINITY;
  for (const [id, each] of watched) {
    if (each.count < count) {
      least = id;
      count = each.count;
    }
  }
  return least;
}
