/** Redacted items that leave in one request. */
export interface Batch<Item> {
  items: readonly Item[];
  /** As `weigh` had them. */
  bytes: number;
  /** How many batches had been accepted when the server first failed on this one; absent when it never did. */
  failedAfter?: number;
}

/** What has ended and is not redacted yet. */
export interface Fresh<Item> {
  count(): number;
  push(item: Item, bytes: number): void;
  /**
   * Redacts for about `forMs`, and gives the batches that became full; with `all` also the last one, once nothing is
   * left. `gone` is what the gate did not let through.
   */
  judge(forMs: number, all: boolean): { batches: Batch<Item>[]; gone: Load };
  /** Gives what is redacted and fills no batch. */
  seal(): Batch<Item>[];
  /** Drops the oldest `count` of those that are not redacted. */
  drop(count: number): Load;
}

export interface Load {
  count: number;
  bytes: number;
}

// A slice is short beside a request, and long enough for the redactor to work on many values at once.
const SLICE = 16;
/** A Collector takes 20 MiB by default; attributes are longer on the wire than in memory. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Makes the place where items wait for `gate`, which cuts them into batches. */
export function createFresh<Item>(
  gate: (items: readonly Item[]) => Item[],
  batchSize: number,
): Fresh<Item> {
  let items: Item[] = [];
  let weights: number[] = [];
  // Taking from the front of a long array moves all of it, so the front is an index.
  let head = 0;
  let judged: Item[] = [];
  let judgedBytes = 0;

  const take = (count: number): { taken: Item[]; bytes: number } => {
    const end = Math.min(items.length, head + count);
    const taken = items.slice(head, end);
    let bytes = 0;
    for (let at = head; at < end; at += 1) bytes += weights[at] ?? 0;
    head = end;
    if (head === items.length || head > 8_192) {
      items = items.slice(head);
      weights = weights.slice(head);
      head = 0;
    }
    return { taken, bytes };
  };

  const seal = (): Batch<Item>[] => {
    if (judged.length === 0) return [];
    const batch = { items: judged, bytes: judgedBytes };
    judged = [];
    judgedBytes = 0;
    return [batch];
  };

  const waiting = (): number => items.length - head;

  return {
    seal,
    count: () => waiting() + judged.length,
    push(item, bytes) {
      items.push(item);
      weights.push(bytes);
    },
    judge(forMs, all) {
      const until = performance.now() + forMs;
      const batches: Batch<Item>[] = [];
      const gone = { count: 0, bytes: 0 };
      while (waiting() > 0 && (all || waiting() + judged.length >= batchSize)) {
        const { taken, bytes } = take(Math.min(SLICE, batchSize - judged.length));
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
    drop(count) {
      const { taken, bytes } = take(count);
      return { count: taken.length, bytes };
    },
  };
}
