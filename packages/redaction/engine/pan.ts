// Card numbers, unbroken and in groups.

import { isAlphanumeric, isDigit, isHex, isLetter, isWord } from "./ascii";
import { BY_PAN, MARK_CARD, PCI_CHD } from "./codes";
import { frameEnd, isFramed, resetFrames } from "./frame";
import { isGap, isWideGap } from "./gap";
import { PAN_CARD_WORD, PAN_EXPONENT } from "./generated/patterns";
import { cardStrength, isRepeated, luhn, STRONG, WEAK } from "./iin";
import { clusterCount, clusterDigitsAt, clusterEndAt, clusterStartAt } from "./clusters";
import { end as endOf, search, start as startOf } from "./match";
import { mayMatch } from "./prefilter";
import { rewind, seek } from "./seek";
import { add, setCanonical } from "./spans";
import * as view from "./view";

const LEAST: i32 = 12;
// Digits of the shortest one in scientific notation, whose zeros are not written.
const LEAST_WRITTEN: i32 = 9;
// How far before a number the word may stand that names it.
const SHORT: i32 = 13;
const NEAR: i32 = 48;
const MOST_GROUPS: i32 = 19;
const MOST_DIGITS: i32 = 19;
const WIDEST: i32 = 5;
const digits: usize = memory.data(32, 8);
const starts: usize = memory.data(128, 8);
const ends: usize = memory.data(128, 8);
// Last group for each total of digits that can be reached from the first; -1 for none.
const reached: usize = memory.data(128, 8);
// Where the cluster begins and ends of which the groups are read.
let origin: i32 = 0;
let limit: i32 = 0;
// In the order in which they are tried.
const LENGTHS: usize = memory.data<u8>([16, 15, 19, 18, 17, 14, 13, 12]);

export function findPan(): void {
  for (rewind(LEAST_WRITTEN, 0); mayMatch(PAN_EXPONENT) && seek(PAN_EXPONENT);) exponent();
  resetFrames();
  for (let index = 0; index < clusterCount; index++) {
    if (clusterDigitsAt(index) < LEAST) continue;
    origin = clusterStartAt(index);
    limit = clusterEndAt(index);
    let from = nextGroup(origin);
    while (from >= 0) {
      const to = endOfGroup(from);
      let last = to;
      if (to - from < LEAST) last = max(to, grouped(from, to));
      else if (to - from <= MOST_DIGITS) unbroken(from, to);
      from = nextGroup(last);
    }
  }
}

function addPan(start: i32, end: i32, size: i32): void {
  add(start, end, PCI_CHD, MARK_CARD, BY_PAN, size >= 15);
  setCanonical(digits, size);
}

function nextGroup(from: i32): i32 {
  let at = from;
  while (true) {
    while (at < limit && !isDigit(load<u8>(view.text + at))) at++;
    if (at >= limit) return -1;
    if (!isFramed(at)) return at;
    at = frameEnd;
  }
}

function endOfGroup(start: i32): i32 {
  let end = start + 1;
  while (end < limit && isDigit(load<u8>(view.text + end))) end++;
  return end;
}

// The card number that begins with this group of fewer than twelve digits; gives where it ends, or 0.
function grouped(start: i32, end: i32): i32 {
  const left = view.at(start - 1);
  if (left === 42 || (isWord(left) && left !== 95)) return 0;
  const count = collect(start, end);
  if (count === 0) return 0;
  let weakEnd = 0;
  let weakSize = 0;
  let isNamed = false;
  let isAsked = false;
  for (let index: usize = 0; index < 8; index++) {
    const size = <i32>load<u8>(LENGTHS + index);
    const last = load<i32>(reached + ((<usize>size) << 2));
    if (last < 0) continue;
    const stop = load<i32>(ends + ((<usize>last) << 2));
    const right = view.at(stop);
    if (isLetter(right) || right === 42 || !luhn(digits, size)) continue;
    if (view.at(end) === 58 && isInAddress(start, stop)) continue;
    const strength = cardStrength(digits, size);
    const isUsual = last < 5 && isGrouping(shapeOf(last + 1));
    if (
      (strength === STRONG || (strength === WEAK && isFours(last + 1))) &&
      (isUsual || isRegular(last + 1))
    ) {
      addPan(start, stop, size);
      return stop;
    }
    if (weakEnd !== 0) continue;
    if (!isAsked) isNamed = isNamedCard(start);
    isAsked = true;
    if (!isNamed) continue;
    weakEnd = stop;
    weakSize = size;
  }
  if (weakEnd !== 0) addPan(start, weakEnd, weakSize);
  return weakEnd;
}

// Groups with colons are a part of an address (IPv6) where another group of hexadecimal is beside them.
function isInAddress(start: i32, stop: i32): bool {
  if (view.at(stop) === 58 && (isHex(view.at(stop + 1)) || view.at(stop + 1) === 58)) return true;
  if (view.at(start - 1) !== 58) return false;
  let from = start - 1;
  while (start - from < 7 && isHex(view.at(from - 1))) from--;
  return start - from < 7 && !isAlphanumeric(view.at(from - 1));
}

// Reads groups and their digits as far as they can belong together; gives 0 when they cannot be enough.
function collect(start: i32, end: i32): i32 {
  const none = i64x2.splat(-1);
  for (let entry: usize = 0; entry < 80; entry += 16) v128.store(reached + entry, none);
  let from = start;
  let to = end;
  let total = 0;
  let count = 0;
  let isReached = false;
  while (true) {
    const size = to - from;
    if (total + size > MOST_DIGITS) break;
    for (let index = 0; index < size; index++)
      store<u8>(digits + total + index, load<u8>(view.text + from + index));
    total += size;
    store<i32>(starts + ((<usize>count) << 2), from);
    store<i32>(ends + ((<usize>count) << 2), to);
    if (total >= 12) {
      store<i32>(reached + ((<usize>total) << 2), count);
      isReached = true;
    }
    if (++count === MOST_GROUPS) break;
    let next = to;
    while (next - to <= WIDEST && next < limit && !isDigit(load<u8>(view.text + next))) next++;
    if (next - to > WIDEST || next >= limit || isFramed(next)) break;
    const after = endOfGroup(next);
    const isSingle = size === 1 && after - next === 1;
    if (isSingle ? !isWideGap(to, next) : !isGap(to, next)) break;
    from = next;
    to = after;
  }
  return isReached ? count : 0;
}

// The lengths of the first groups, four bits each.
function shapeOf(count: i32): u32 {
  let shape: u32 = 0;
  for (let index = 0; index < count; index++) shape = (shape << 4) | <u32>lengthOf(index);
  return shape;
}

function isFours(count: i32): bool {
  return count >= 3 && lengthOf(0) === 4 && lengthOf(1) === 4 && lengthOf(2) === 4;
}

function lengthOf(index: i32): i32 {
  const place = (<usize>index) << 2;
  return load<i32>(ends + place) - load<i32>(starts + place);
}

// How card numbers are printed and typed. Other groupings need a word that says card.
function isGrouping(shape: u32): bool {
  switch (shape) {
    case 0x4444:
    case 0x44441:
    case 0x44442:
    case 0x44443:
    case 0x465:
    case 0x464:
    case 0x4443:
    case 0x4442:
    case 0x456:
    case 0x555:
    case 0x88:
    case 0x4c:
    case 0x6a:
    case 0x6d:
    case 0x448:
    case 0x484:
    case 0x844:
    case 0x664:
    case 0x646:
    case 0x556:
    case 0x5443:
      return true;
    default:
      return false;
  }
}

// One by one, in pairs, or in thousands as a number is formatted.
function isRegular(count: i32): bool {
  const head = lengthOf(0);
  let isOnes = head === 1;
  let isTwos = head === 2 && count > 6;
  let isThousands = head <= 3 && count >= 5;
  for (let index = 1; index < count; index++) {
    const size = lengthOf(index);
    if (size !== 1) isOnes = false;
    if (size !== 2 && index < count - 1) isTwos = false;
    if (size !== 3) isThousands = false;
    const mark = view.at(load<i32>(starts + ((<usize>index) << 2)) - 1);
    if (mark !== 44 && mark !== 46 && mark !== 32 && mark !== 39 && mark !== 95)
      isThousands = false;
  }
  return isOnes || isTwos || isThousands;
}

function unbroken(start: i32, end: i32): void {
  const size = end - start;
  const text = view.text + start;
  if (!luhn(text, size) || isRepeated(text, size)) return;
  const left = view.at(start - 1);
  const right = view.at(end);
  // Stars mask; one of them separates, as on a telephone.
  if (left === 42 && view.at(start - 2) === 42) return;
  if (right === 42 && view.at(end + 1) === 42) return;
  if ((isLetter(left) || isLetter(right)) && isHexId(start, end)) return;
  // The digits after a decimal point are a fraction, whatever they add up to.
  const isFraction = left === 46 && isDigit(view.at(start - 2));
  const strength = cardStrength(text, size);
  // So short a number, as a moment in milliseconds is, needs more than a word.
  if (size <= SHORT && strength === 0) return;
  if ((isFraction || strength !== STRONG) && !isNamedCard(start)) return;
  memory.copy(digits, text, size);
  addPan(start, end, size);
}

// An id or digest in hexadecimal, by its length: a span, a trace, SHA-1, SHA-256 and their neighbours.
function isHexId(start: i32, end: i32): bool {
  let from = start;
  let to = end;
  while (start - from < 120 && isAlphanumeric(view.at(from - 1))) from--;
  while (to - end < 120 && isAlphanumeric(view.at(to))) to++;
  let padding = 0;
  let isPadded = true;
  for (let index = from; index < to; index++) {
    const byte = view.at(index);
    if (!isHex(byte)) return false;
    if (isDigit(byte)) isPadded = isPadded && padding === 0;
    else if ((byte | 32) === 102) padding++;
    else isPadded = false;
  }
  // A number filled up with F, as on a chip.
  if (isPadded && padding >= 1 && padding <= 3 && isDigit(view.at(from))) return false;
  const size = to - from;
  return (
    size === 16 ||
    size === 17 ||
    size === 20 ||
    size === 24 ||
    size === 32 ||
    size === 40 ||
    size === 48 ||
    size === 56 ||
    size === 64 ||
    size === 96 ||
    size === 128
  );
}

// A word just before says that what follows is a card. There is none inside a cluster.
function isNamedCard(start: i32): bool {
  if (start - origin >= NEAR) return false;
  view.before(start, NEAR);
  return search(PAN_CARD_WORD, view.beforeText, view.beforeLength, 0);
}

function exponent(): void {
  const start = startOf(0);
  const end = endOf(0);
  const tail = endOf(2) - startOf(2);
  const power = 10 + <i32>(view.at(startOf(3) + 1) - 48);
  if (tail > power) return;
  store<u8>(digits, view.at(startOf(1)));
  memory.fill(digits + 1, 48, power);
  memory.copy(digits + 1, view.text + startOf(2), tail);
  if (luhn(digits, power + 1) && cardStrength(digits, power + 1) === STRONG)
    addPan(start, end, power + 1);
}
