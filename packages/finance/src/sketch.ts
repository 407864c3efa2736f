/** Finds the most frequent of a stream in bounded memory. */
export interface Sketch {
  /** Counts one; gives how often it came at least, which is never more than it did. */
  count(id: string): number;
  forget(id: string): void;
}

interface Watched {
  count: number;
  /** What it may have been counted too much: the count of whom it replaced. */
  error: number;
}

/**
 * Space-Saving (Metwally, Agrawal, El Abbadi 2005): whoever is new takes the place, and the count, of whom came least.
 *
 * Those with the same count are kept together, so that the least is found without looking at all of them.
 */
export function createSketch(room: number): Sketch {
  const watched = new Map<string, Watched>();
  const byCount = new Map<number, Set<string>>();
  let least = 0;

  const put = (id: string, count: number): void => {
    const same = byCount.get(count);
    if (same === undefined) byCount.set(count, new Set([id]));
    else same.add(id);
  };
  const take = (id: string, count: number): void => {
    const same = byCount.get(count);
    same?.delete(id);
    if (same?.size === 0) byCount.delete(count);
  };
  const replace = (): number => {
    if (!byCount.has(least)) least = Math.min(...byCount.keys());
    const [id = ""] = byCount.get(least)!;
    take(id, least);
    watched.delete(id);
    return least;
  };

  return {
    count(id) {
      const known = watched.get(id);
      if (known !== undefined) {
        take(id, known.count);
        known.count += 1;
        put(id, known.count);
        return known.count - known.error;
      }
      const error = watched.size >= room ? replace() : 0;
      if (error === 0) least = 1;
      watched.set(id, { count: error + 1, error });
      put(id, error + 1);
      return 1;
    },
    forget(id) {
      const known = watched.get(id);
      if (known === undefined) return;
      take(id, known.count);
      watched.delete(id);
    },
  };
}
