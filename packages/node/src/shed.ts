import type { DropClass } from "./drop-class.ts";
import type { Batch, Fresh } from "./fresh.ts";

export interface ShedOptions<Item, Kept> {
  /** Redacted and not on its way, the oldest first; it is changed. */
  queue: Batch<Kept>[];
  fresh: Fresh<Item, Kept>;
  classOf: (item: Item) => DropClass;
  classOfKept: (kept: Kept) => DropClass;
  batchSize: number;
}

/** What goes: a class for each item. `of` is the batch that the items were in, as its array. */
export interface Gone<Kept> {
  classes: DropClass[];
  bytes: number;
  of?: readonly Kept[];
}

/**
 * Takes out what goes next when there is no room: the oldest that may go, and when there is none the oldest of all.
 *
 * What an item is, is asked here and not before: most are sent, and it costs them nothing. `undefined` when nothing is
 * left; no classes when a batch was looked through and all of it stays.
 */
export function shed<Item, Kept>(options: ShedOptions<Item, Kept>): Gone<Kept> | undefined {
  const { queue, fresh, classOf, classOfKept } = options;
  const next = (): number => queue.findIndex(({ isKept }) => isKept !== true);
  // What is redacted and fills no batch is older than what is not redacted.
  if (next() < 0) queue.push(...fresh.seal());
  const at = next();
  if (at >= 0) return sift(options, at);
  const raw = fresh.drop((item) => classOf(item) === "other");
  if (raw.items.length > 0) return { classes: raw.items.map(classOf), bytes: raw.bytes };
  const oldest = queue.shift();
  if (oldest !== undefined) {
    const { items, bytes } = oldest;
    return { classes: items.map(classOfKept), bytes, of: items };
  }
  const last = fresh.drop();
  if (last.items.length === 0) return undefined;
  return { classes: last.items.map(classOf), bytes: last.bytes };
}

// Takes out of a batch what may go, and leaves the rest where it will be found last.
function sift<Item, Kept>(
  { queue, classOfKept, batchSize }: ShedOptions<Item, Kept>,
  at: number,
): Gone<Kept> {
  const [batch] = queue.splice(at, 1) as [Batch<Kept>];
  const { items: all } = batch;
  const staying = all.filter((item) => classOfKept(item) !== "other");
  const classes = all.map(classOfKept).filter((each) => each === "other");
  const bytes = (classes.length / all.length) * batch.bytes;
  if (staying.length === 0) return { classes, bytes: batch.bytes, of: all };
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
  return { classes, bytes, of: all };
}
