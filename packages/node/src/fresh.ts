/** Redacted items that leave in one request. */
export interface Batch<Item> {
  items: readonly Item[];
  /** As `weigh` had them. */
  bytes: number;
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
  /** Drops the oldest `count`. */
  drop(count: number): Load;
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
  let items: Item[] = [];
  let weights: number[] = [];
  // Taking from the front of a long array moves all of it, so the front is an index.
  let head = 0;
  let judged: Kept[] = [];
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

  const seal = (): Batch<Kept>[] => {
    if (judged.length === 0) return [];
    const batch = { items: judged, bytes: judgedBytes };
    judged = [];
    judgedBytes = 0;
    return [batch];
  };

  const waiting = (): number => items.length - head;

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
      const redacted = judged.splice(0, count);
      const itsBytes = (judgedBytes / (judged.length + redacted.length || 1)) * redacted.length;
      judgedBytes -= itsBytes;
      const { taken, bytes } = take(count - redacted.length);
      return { count: redacted.length + taken.length, bytes: itsBytes + bytes };
    },
  };
}
