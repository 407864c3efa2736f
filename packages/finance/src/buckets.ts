/** The label of all that have none of their own. */
export const OTHER = "_other";

export interface BucketOptions {
  /** Most that have a label of their own. */
  most: number;
  /** Those that have one from the beginning. */
  given: readonly string[];
  /** Share of all measurements above which one gets a label, while there is room. */
  share: number;
}

/** Gives what may take any number of values its label on metrics. */
export interface Buckets {
  /** Counts it, and gives itself or `_other`; `_other` for none. */
  of(id: string | undefined): string;
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
 * Makes labels of what may take any number of values: the few that make most of the traffic have one of their own.
 *
 * Space-Saving (Metwally, Agrawal, El Abbadi 2005) finds them in bounded memory. A bucket once given stays given, so no
 * series comes and goes; what one did before it had its own is in `_other`, so totals are conserved.
 */
export function createBuckets({ most, given: first, share }: BucketOptions): Buckets {
  const given = new Set(first);
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
      if (id === undefined) return OTHER;
      if (given.has(id)) return id;
      if (given.size >= most) return OTHER;
      seen += 1;
      const { count, error } = watch(id);
      if (seen < LEAST_SEEN || count - error < share * seen) return OTHER;
      given.add(id);
      watched.delete(id);
      return id;
    },
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
