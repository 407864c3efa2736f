/** Redacted items that leave in one request. */
export interface Batch<Item> {
  items: readonly Item[];
  /** As `weigh` had them. */
  bytes: number;
  /** Whether nothing is in it that is to go before others when there is no room. */
  isKept?: boolean;
  /** How many batches had been accepted when the server first failed on this one; absent when it never did. */
  failedAfter?: number;
}

/** What has ended and is not redacted yet. */
export interface Fresh<Item, Kept> {
  /** Of those that are redacted and fill no batch, too. */
  count(): number;
  /** How many are not redacted. */
  waiting(): number;
  push(item: Item, bytes: number): void;
  /**
   * Redacts for about `forMs`, and gives the batches that became full; with `all` also the last one, once nothing is
   * left. `gone` is what the gate did not let through.
   */
  judge(forMs: number, all: boolean): { batches: Batch<Kept>[]; gone: Load };
  /** Gives what is redacted and fills no batch. */
  seal(): Batch<Kept>[];
  /** Takes out the oldest that is not redacted and for which `may` holds; without it, the oldest. */
  drop(may?: (item: Item) => boolean): { items: Item[]; bytes: number };
  /** Takes out all that are not redacted. */
  dropAll(): { items: Item[]; bytes: number };
}

export interface Load {
  count: number;
  bytes: number;
}

// A slice is short beside a request, and long enough for the redactor to work on many values at once.
export const SLICE = 16;
/** A Collector takes 20 MiB by default; attributes are longer on the wire than in memory. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Makes the place where items wait for `gate`, which cuts them into batches. */
export function createFresh<Item, Kept>(
  gate: (items: readonly Item[]) => Kept[],
  batchSize: number,
): Fresh<Item, Kept> {
  // Taking from a long array moves all that is behind, so the front is an index and what is dropped leaves a hole.
  let items: (Item | undefined)[] = [];
  let weights: number[] = [];
  let head = 0;
  let holes = 0;
  // Up to here nothing may be dropped: `may` has been asked.
  let asked = 0;
  let judged: Kept[] = [];
  let judgedBytes = 0;

  const take = (count: number): { items: Item[]; bytes: number } => {
    const taken: Item[] = [];
    let bytes = 0;
    for (; head < items.length && taken.length < count; head += 1) {
      const item = items[head];
      if (item === undefined) {
        holes -= 1;
        continue;
      }
      taken.push(item);
      bytes += weights[head] ?? 0;
    }
    if (head === items.length || head > 8_192) {
      items = items.slice(head);
      weights = weights.slice(head);
      asked -= head;
      head = 0;
    }
    return { items: taken, bytes };
  };

  const seal = (): Batch<Kept>[] => {
    if (judged.length === 0) return [];
    const batch = { items: judged, bytes: judgedBytes };
    judged = [];
    judgedBytes = 0;
    return [batch];
  };

  const waiting = (): number => items.length - head - holes;

  return {
    seal,
    waiting,
    count: () => waiting() + judged.length,
    push(item, bytes) {
      items.push(item);
      weights.push(bytes);
    },
    judge(forMs, all) {
      const until = performance.now() + forMs;
      const batches: Batch<Kept>[] = [];
      const gone = { count: 0, bytes: 0 };
      while (waiting() > 0) {
        const { items: taken, bytes } = take(Math.min(SLICE, batchSize - judged.length));
        const kept = gate(taken);
        // What an item of a slice weighs is not known once some are gone; the average is near enough.
        const goneBytes = ((taken.length - kept.length) / taken.length) * bytes;
        gone.count += taken.length - kept.length;
        gone.bytes += goneBytes;
        judged.push(...kept);
        judgedBytes += bytes - goneBytes;
        if (judged.length >= batchSize || judgedBytes >= MOST_BYTES) batches.push(...seal());
        if (performance.now() >= until) break;
      }
      if (all && waiting() === 0) batches.push(...seal());
      return { batches, gone };
    },
    drop(may) {
      if (may === undefined) return take(1);
      for (asked = Math.max(asked, head); asked < items.length; asked += 1) {
        const item = items[asked];
        if (item === undefined || !may(item)) continue;
        items[asked] = undefined;
        holes += 1;
        return { items: [item], bytes: weights[asked] ?? 0 };
      }
      return { items: [], bytes: 0 };
    },
    dropAll: () => take(items.length),
  };
}

/** Cuts a batch in two; none of one item. */
export function halvesOf<Item>({ items, bytes }: Batch<Item>): Batch<Item>[] {
  if (items.length < 2) return [];
  const half = Math.ceil(items.length / 2);
  return [items.slice(0, half), items.slice(half)].map((part) => ({
    items: part,
    bytes: (part.length / items.length) * bytes,
  }));
}
