// What the detectors found in the current view.

import { reserve } from "./arena";
import { LONGEST_CANONICAL, putText, textOf } from "./texts";

const MOST: i32 = 1 << 15;
const ROW: usize = 24;
/** A span has start, end, class | marker << 8 | detector << 16 | mask << 24, and the canonical text. */
const rows: usize = reserve(<usize>MOST * ROW);
const order: usize = reserve(<usize>MOST * 4);
const spare: usize = reserve(<usize>MOST * 4);

/** Spans of views below the current one come first. */
let floor: i32 = 0;
let count: i32 = 0;
/** There were more than can be kept, so not all of them are known. */
export let isFull: bool = false;

/** A stretch of the view that must go. Of a masked one, first six and last four digits are left. */
export function add(
  start: i32,
  end: i32,
  dataClass: u8,
  marker: u8,
  detector: u8,
  masked: bool,
): void {
  const what = <u32>dataClass | (<u32>marker << 8) | (<u32>detector << 16) | (<u32>masked << 24);
  addVerdict(start, end, what);
}

/** The same with class, marker, detector and mask as judge.ts packs them. */
export function addVerdict(start: i32, end: i32, verdict: u32): void {
  isAdded = end > start;
  if (!isAdded) return;
  if (count === MOST) {
    isFull = true;
    isAdded = false;
    return;
  }
  const row = rowOf(count++);
  store<i32>(row, start);
  store<i32>(row, end, 4);
  store<u32>(row, verdict, 8);
  store<i32>(row, -1, 16);
}
let isAdded: bool = false;

/**
 * The canonical text of the span added last, of which a pseudonym is made and a mask is taken.
 *
 * Without it: of a card or phone the digits of its text, of an IBAN the letters in upper case and digits, of an
 * address the text in lower case, of everything else the text.
 */
export function setCanonical(address: usize, size: i32): void {
  if (!isAdded || size > LONGEST_CANONICAL) return;
  const row = rowOf(count - 1);
  store<u32>(row, putText(address, size), 12);
  store<i32>(row, size, 16);
}

function rowOf(index: i32): usize {
  return rows + <usize>index * ROW;
}

/** Spans of the current view, after {@link merge} those that are left. */
export function size(): i32 {
  return count - floor;
}

export function startOf(index: i32): i32 {
  return load<i32>(rowOf(floor + index));
}

export function endOf(index: i32): i32 {
  return load<i32>(rowOf(floor + index), 4);
}

export function verdictOf(index: i32): u32 {
  return load<u32>(rowOf(floor + index), 8);
}

/** The canonical text that its detector gave; 0 for none. */
export function canonicalOf(index: i32): usize {
  return canonicalSize(index) < 0 ? 0 : textOf(load<u32>(rowOf(floor + index), 12));
}

export function canonicalSize(index: i32): i32 {
  return load<i32>(rowOf(floor + index), 16);
}

/** Forgets all spans. */
export function clear(): void {
  floor = 0;
  count = 0;
  isFull = false;
}

/** Begins the spans of a view above the current one; gives what {@link close} needs. */
export function open(): i32 {
  const below = floor;
  floor = count;
  return below;
}

export function close(below: i32): void {
  count = floor;
  floor = below;
}

/** Takes out the spans that lie within this stretch. */
export function dropWithin(start: i32, end: i32): void {
  let kept = floor;
  for (let index = floor; index < count; index++) {
    const row = rowOf(index);
    if (load<i32>(row) >= start && load<i32>(row, 4) <= end) continue;
    if (kept !== index) memory.copy(rowOf(kept), row, ROW);
    kept++;
  }
  count = kept;
}

export function worst(): u8 {
  let worst: u32 = 0;
  for (let index = floor; index < count; index++)
    worst = max(worst, load<u32>(rowOf(index), 8) & 0xff);
  return <u8>worst;
}

/** Overlapping spans become one, written as the worst of them. They are in order then. */
export function merge(): void {
  const all = count - floor;
  if (all < 2) return;
  sort(all);
  // Rows are read in order and the merged ones written over a copy of them.
  const copy = rowOf(count);
  if (count + all > MOST) {
    isFull = true;
    return;
  }
  memory.copy(copy, rowOf(floor), <usize>all * ROW);
  let last = rowOf(floor);
  memory.copy(last, copy + <usize>load<u32>(order) * ROW, ROW);
  for (let index = 1; index < all; index++) {
    const row = copy + <usize>load<u32>(order + (<usize>index << 2)) * ROW;
    if (load<i32>(row) >= load<i32>(last, 4)) {
      last += ROW;
      memory.copy(last, row, ROW);
    } else join(last, row);
  }
  count = <i32>((last - rows) / ROW) + 1;
}

function join(last: usize, row: usize): void {
  const start = load<i32>(last);
  const lastEnd = load<i32>(last, 4);
  const rowEnd = load<i32>(row, 4);
  const isSame = load<i32>(row) === start && rowEnd === lastEnd;
  const covers = lastEnd >= rowEnd;
  const isLastMasked = load<u32>(last, 8) >> 24 !== 0;
  // A mask shows digits of the number alone, so it stands only where it covers all that was found.
  const isWorse = (load<u32>(row, 8) & 0xff) > (load<u32>(last, 8) & 0xff);
  const end = max(lastEnd, rowEnd);
  if (isWorse && !(covers && !isSame && !isLastMasked)) memory.copy(last, row, ROW);
  if (load<i32>(last) === start && load<i32>(last, 4) === end) return;
  const what = load<u32>(last, 8);
  store<i32>(last, start);
  store<i32>(last, end, 4);
  store<u32>(last, what & 0xff_ffff, 8);
  // No canonical text is known of the whole.
  store<i32>(last, 0, 16);
}

// By start, then the longer one, then as they were found: a merge sort of indices.
function sort(all: i32): void {
  let from = order;
  let to = spare;
  for (let index = 0; index < all; index++) store<u32>(from + (<usize>index << 2), index);
  for (let width = 1; width < all; width <<= 1) {
    for (let left = 0; left < all; left += width << 1) {
      const middle = min(left + width, all);
      const right = min(middle + width, all);
      let one = left;
      let other = middle;
      for (let out = left; out < right; out++) {
        const isOne =
          one < middle &&
          (other >= right || isBefore(load<u32>(from + (<usize>one << 2)), load<u32>(from + (<usize>other << 2))));
        const taken = isOne ? one++ : other++;
        store<u32>(to + (<usize>out << 2), load<u32>(from + (<usize>taken << 2)));
      }
    }
    const swap = from;
    from = to;
    to = swap;
  }
  if (from !== order) memory.copy(order, from, <usize>all << 2);
}

function isBefore(one: u32, other: u32): bool {
  const left = rowOf(floor + one);
  const right = rowOf(floor + other);
  const difference = load<i32>(left) - load<i32>(right);
  return difference === 0 ? load<i32>(left, 4) >= load<i32>(right, 4) : difference < 0;
}

