// One pass over a view, sixteen characters at a time, that says which detectors may find anything in it. What it
// leaves out would have found nothing: a test compares scans with it and without.

import { mayDecode } from "./decodable";
import { clearDigits, numbersAt, setLastLetter } from "./digits";
import { ALL, DUMPS, EMAIL, ENCODED, IBAN, PAIRS, PROSE, TRACK } from "./families";
import { PROSE_LOGIN, TRACK_PIN_DATA } from "./generated/patterns";
import { all, bitOf, bitsOf, lettersOf } from "./lanes";
import { matchAt } from "./match";
import { clearMatched, detectorsAt, ibansAt, isMatched, setMatched, triedAt } from "./starts";
import { hasEnd, hasTail, isNamed } from "./tail";
import * as view from "./view";

// Classes of characters: a bit is in both tables for the low and the high half of each of its characters.
// 1 digit, 2 : = >, 4 a letter of hexadecimal, 16 / _, 32 + -, 64 space , -, 128 @. 8: a letter, by its place.
const LOW: usize = memory.data<u8>(
  [
    // 0 to F: digits 0-9; : = >; a-f as 1-6; / _; + -; space , -; @.
    0xc1, 5, 5, 5, 5, 5, 5, 1, 1, 1, 2, 0x20, 0x40, 0x62, 2, 0x10,
  ],
  16,
);
const HIGH: usize = memory.data<u8>(
  [0, 0, 0x70, 3, 0x84, 0x10, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  16,
);

const LEAST_TOKEN: i32 = 14;
const PAIR_GAP: i32 = 7;
const LEAST_PAIRS: i32 = 7;

let found: u32 = 0;
let lastPair: i32 = 0;
let pairs: i32 = 0;
let tokenStart: i32 = -1;
let isFiltered: bool = false;

/** Bits of all detectors, when nothing is known of the view. */
export function unfiltered(): u32 {
  isFiltered = false;
  return ALL;
}

/** Whether a pattern of the first seven families may match somewhere in the view that was filtered last. */
export function mayMatch(pattern: i32): bool {
  return !isFiltered || isMatched(pattern);
}

function kindsAt(address: usize, low: v128, high: v128): v128 {
  const chunk = v128.load(address);
  const kinds = v128.and(
    i8x16.swizzle(low, v128.and(chunk, all(15))),
    i8x16.swizzle(high, v128.and(i16x8.shr_u(chunk, 4), all(15))),
  );
  return v128.or(kinds, v128.and(lettersOf(chunk), all(8)));
}

/** Bits of the detectors that may find something in the current view. */
export function prefilter(): u32 {
  isFiltered = true;
  clearMatched();
  const base = view.text;
  const size = view.length;
  found = 0;
  clearDigits();
  lastPair = -100;
  pairs = 0;
  tokenStart = -1;
  const head = load<u8>(base);
  if ((head === 65 || head === 97 || head < 33) && matchAt(PROSE_LOGIN, base, size, 0)) {
    found |= PROSE;
    setMatched(PROSE_LOGIN);
  }

  const low = v128.load(LOW);
  const high = v128.load(HIGH);
  let hexesBefore: u64 = 0;
  let digitsBefore: u64 = 0;
  let lettersBefore: u64 = 0;
  let dashesBefore: u64 = 0;
  let separatorsBefore: u64 = 0;
  let twoBefore: u64 = 0;
  for (let at = 0; at < size; at += 64) {
    let digits: u64 = 0;
    let letters: u64 = 0;
    let delimiters: u64 = 0;
    let hexes: u64 = 0;
    let separators: u64 = 0;
    let tokens: u64 = 0;
    let lines: u64 = 0;
    const one = kindsAt(base + at, low, high);
    const left = size - at;
    // What lies behind the text is another one.
    const inside: u64 = left >= 64 ? -1 : (<u64>1 << left) - 1;
    if (left <= 16) {
      digits = bitOf(one, 7);
      delimiters = bitOf(one, 6);
      hexes = bitOf(one, 5);
      letters = bitOf(one, 4);
      lines = bitOf(one, 3);
      if ((i8x16.bitmask(one) & <i32>inside) !== 0) found |= EMAIL;
      tokens = bitOf(one, 2);
      separators = bitOf(one, 1);
    } else {
      const two = kindsAt(base + at + 16, low, high);
      const three = left > 32 ? kindsAt(base + at + 32, low, high) : i64x2.splat(0);
      const four = left > 48 ? kindsAt(base + at + 48, low, high) : i64x2.splat(0);
      digits = bitsOf(one, two, three, four, 7);
      delimiters = bitsOf(one, two, three, four, 6);
      hexes = bitsOf(one, two, three, four, 5);
      letters = bitsOf(one, two, three, four, 4);
      lines = bitsOf(one, two, three, four, 3);
      // Few texts have an @.
      const any = v128.or(v128.or(one, two), v128.or(three, four));
      if (v128.any_true(v128.and(any, all(128))) && (bitsOf(one, two, three, four, 0) & inside) !== 0) found |= EMAIL;
      tokens = bitsOf(one, two, three, four, 2);
      separators = bitsOf(one, two, three, four, 1);
    }
    digits &= inside;
    letters &= inside;
    const words = digits | letters;
    const dashes = tokens & separators;
    const wordsLeft = (words << 1) | ((digitsBefore | lettersBefore) >> 63);
    // Of what may begin after a digit, nothing has fewer than four letters.
    const four = letters & ((letters >> 1) | (1 << 63)) & ((letters >> 2) | (3 << 62)) & ((letters >> 3) | (7 << 61));
    const starts =
      (words & ~wordsLeft) |
      (four & ((digits << 1) | (digitsBefore >> 63))) |
      (dashes & inside & ~(wordsLeft | (dashes << 1) | (dashesBefore >> 63)));
    if (starts !== 0) found |= detectorsAt(at, starts);
    if (digits !== 0) {
      // Two letters, as an account number has before its digits, of which there are two at least.
      const pairs = digits & ((digits >> 1) | (1 << 63));
      if (pairs !== 0 && (found & IBAN) === 0) {
        const wordsBefore = digitsBefore | lettersBefore;
        const left2 = (letters << 2) | (lettersBefore >> 62);
        const left3 = (words << 3) | (wordsBefore >> 61);
        const heads = ((letters << 1) | (lettersBefore >> 63)) & left2 & ~left3;
        const gaps = ((separators << 1) | (separatorsBefore >> 63)) & left2 & ((letters << 3) | (lettersBefore >> 61)) & ~((words << 4) | (wordsBefore >> 60));
        const ibans = pairs & (heads | gaps);
        if (ibans !== 0) found |= ibansAt(at, ibans);
      }
      const two = digits & ((digits << 1) | (digitsBefore >> 63));
      const four = two & ((two << 2) | (twoBefore >> 62));
      if (four !== 0) pinDataAt(at, four);
      twoBefore = two;
      found |= numbersAt(at, digits, letters);
    } else twoBefore = 0;
    if (letters !== 0) setLastLetter(at + 63 - <i32>clz(letters));
    delimiters &= inside;
    if (delimiters !== 0 && (found & PAIRS) === 0) delimitersAt(at, delimiters, letters, digits);
    if ((found & ENCODED) === 0) {
      const parts = words | (tokens & ~separators);
      tokensAt(at, (tokens | lines | words) & inside, parts & inside, inside);
    }
    if ((found & DUMPS) === 0) {
      hexes = (hexes & inside) | digits;
      // Two digits of hexadecimal and a separator; the first may lie in the block before.
      const pair = (separators | delimiters) & ((hexes << 1) | (hexesBefore >> 63)) & ((hexes << 2) | (hexesBefore >> 62)) & inside;
      if (pair !== 0 && mayBePairs(at, pair)) pairsAt(at, pair);
    }
    hexesBefore = hexes;
    digitsBefore = digits;
    lettersBefore = letters;
    dashesBefore = dashes;
    separatorsBefore = separators;
  }
  if (tokenStart >= 0) endToken(size, true);
  return found;
}

// The number of data that begin with 9908 may stand within a word.
function pinDataAt(at: i32, places: u64): void {
  for (let left = places; left !== 0; left &= left - 1) {
    const place = at + <i32>ctz(left) - 3;
    if (load<u32>(view.text + place) === 0x3830_3939 && triedAt(TRACK_PIN_DATA, place)) found |= TRACK;
  }
}

function delimitersAt(at: i32, places: u64, letters: u64, digits: u64): void {
  // Lines and columns: a number that follows a delimiter is no key.
  const numbers = digits & (places << 1);
  const ends = (numbers + digits) & ~digits;
  const twos = (letters << 1) & (letters << 2);
  const words = twos & (twos << 2);
  // The name of a tag may have delimiters in it.
  for (let left = places & ends; left !== 0; left &= left - 1) {
    const place = at + <i32>ctz(left);
    if (load<u8>(view.text + place) === 62 && isNamed(place)) found |= PAIRS;
  }
  for (let left = places & ~ends; left !== 0; left &= left - 1) {
    const bit = ctz(left);
    const place = at + <i32>bit;
    if (load<u8>(view.text + place) !== 62) {
      if (((twos >> bit) & 1) !== 0 && !hasEnd(view.text + place - 2)) continue;
      if (((words >> bit) & 1) !== 0 && !hasTail(view.text + place - 4)) continue;
      const isQuoted = load<u8>(view.text + place - 1) === 34 && (((words << 1) >> bit) & 1) !== 0;
      if (isQuoted && (!hasEnd(view.text + place - 3) || !hasTail(view.text + place - 5))) continue;
    }
    if (!isNamed(place)) continue;
    found |= PAIRS;
    return;
  }
}

// Runs of characters that tokens consist of; `parts` are those of them between dashes, slashes and lines.
function tokensAt(at: i32, tokens: u64, parts: u64, inside: u64): void {
  const others = ~tokens & inside;
  if (tokenStart < 0 && (tokens & 1) !== 0) tokenStart = at;
  if (others === 0) return;
  if (tokenStart >= 0) endToken(at + <i32>ctz(others), true);
  // Those that begin and end within the block, where one is long enough.
  const last = 63 - <i32>clz(others);
  let long = longOf(tokens & ~((others & (0 - others)) - 1) & ((<u64>1 << last) - 1));
  if (long !== 0) {
    const longParts = longOf(parts);
    do {
      const from = <i32>ctz(long);
      const behind = ~((<u64>1 << from) - 1);
      const to = <i32>ctz(others & behind);
      tokenStart = at + from;
      endToken(at + to, (longParts & behind & ((<u64>1 << to) - 1)) !== 0);
      long &= ~((<u64>1 << to) - 1);
    } while (long !== 0);
  }
  tokenStart = last === 63 || at + last + 1 >= view.length ? -1 : at + last + 1;
}

// Where fourteen follow one another.
function longOf(places: u64): u64 {
  let long = places & (places >> 1);
  long &= long >> 2;
  long &= long >> 4;
  return long & (long >> 6);
}

function endToken(end: i32, mayHavePart: bool): void {
  if (end - tokenStart >= LEAST_TOKEN && mayDecode(tokenStart, end, mayHavePart)) found |= ENCODED;
  tokenStart = -1;
}

// Seven that follow one another are a text. Fewer are forgotten when the next block cannot go on with them.
function mayBePairs(at: i32, places: u64): bool {
  const before = at + <i32>ctz(places) - lastPair <= PAIR_GAP ? pairs : 0;
  if (before + <i32>popcnt(places) >= LEAST_PAIRS || places >> (64 - PAIR_GAP) !== 0) return true;
  lastPair = -100;
  return false;
}

function pairsAt(at: i32, places: u64): void {
  for (let left = places; left !== 0; left &= left - 1) {
    const place = at + <i32>ctz(left);
    pairs = place - lastPair <= PAIR_GAP ? pairs + 1 : 1;
    lastPair = place;
    if (pairs >= LEAST_PAIRS) found |= DUMPS;
  }
}
