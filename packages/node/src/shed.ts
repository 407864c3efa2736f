import type { Batch, Fresh } from "./fresh.ts";

export interface ShedOptions<Item> {
  /** Redacted and not on its way, the oldest first; it is changed. */
  queue: Batch<Item>[];
  fresh: Fresh<Item>;
  /** Whether an item goes before others. */
  mayGo: (item: Item) => boolean;
  batchSize: number;
}

/** What goes; `of` is the batch that it was in, when the rest of that batch stays. */
export interface Gone<Item> extends Batch<Item> {
  of?: readonly Item[];
}

/**
 * Takes out what goes next when there is no room: the oldest that may go, and when there is none the oldest of all.
 *
 * What an item is, is asked here and not before: most are sent, and it costs them nothing. `undefined` when nothing is
 * left; a batch of no items when one was looked through and all of it stays.
 */
export function shed<Item>(options: ShedOptions<Item>): Gone<Item> | undefined {
  const { queue, fresh, mayGo } = options;
  const at = queue.findIndex(({ isKept }) => isKept !== true);
  if (at >= 0) return sift(options, at);
  for (const next of [() => fresh.drop(mayGo), () => queue.shift(), () => fresh.drop()]) {
    const gone = next();
    if (gone !== undefined && gone.items.length > 0) return gone;
  }
  return undefined;
}

// Takes out of a batch what may go, and leaves the rest where it will be found last.
function sift<Item>({ queue, mayGo, batchSize }: ShedOptions<Item>, at: number): Gone<Item> {
  const [batch] = queue.splice(at, 1) as [Batch<Item>];
  const staying = batch.items.filter((item) => !mayGo(item));
  const going = batch.items.filter((item) => mayGo(item));
  const bytes = (going.length / batch.items.length) * batch.bytes;
  if (staying.length === 0) return batch;
  const kept = { items: staying, bytes: batch.bytes - bytes, isKept: true };
  const before = queue[at - 1];
  // With the one before it when both fit in a request: no more than one item may be left of each.
  const fits =
    before?.isKept === true &&
    before.failedAfter === undefined &&
    before.items.length + staying.length <= batchSize;
  if (fits) {
    const items = [...before.items, ...staying];
    queue[at - 1] = { items, bytes: before.bytes + kept.bytes, isKept: true };
  } else queue.splice(at, 0, kept);
  return { items: going, bytes, of: batch.items };
}
