import { createSketch } from "./sketch.ts";

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
  /** Gives the same and does not count it: for what is asked of all alike. */
  peek(id: string | undefined): string;
}

// Before that many measurements a share says nothing.
const LEAST_SEEN = 100;
// Counters of the sketch for each bucket that may be given: the larger, the smaller the error of an estimate.
const WATCHED_PER_BUCKET = 20;

/**
 * Makes labels of what may take any number of values: the few that make most of the traffic have one of their own.
 *
 * A bucket once given stays given, so no series comes and goes; what one did before it had its own is in `_other`, so
 * totals are conserved.
 */
export function createBuckets({ most, given: first, share }: BucketOptions): Buckets {
  const given = new Set(first);
  const sketch = createSketch(Math.max(1, most * WATCHED_PER_BUCKET));
  let seen = 0;
  return {
    of(id) {
      if (id === undefined) return OTHER;
      if (given.has(id)) return id;
      if (given.size >= most) return OTHER;
      seen += 1;
      const count = sketch.count(id);
      if (seen < LEAST_SEEN || count < share * seen) return OTHER;
      given.add(id);
      sketch.forget(id);
      return id;
    },
    peek: (id) => (id !== undefined && given.has(id) ? id : OTHER),
  };
}
