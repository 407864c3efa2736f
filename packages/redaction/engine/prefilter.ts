// One pass over a view, sixteen characters at a time, that says which detectors may find anything in it. What it
// leaves out would have found nothing: a test compares scans with it and without.

import { reserve } from "./arena";
import { mayDecode } from "./decodable";
import { ALL, EMAIL, ENCODED, IDENTITY, PAIRS, PAN, PHONE, PROSE, TRACK, TRAILING } from "./families";
import { INNER_BUCKETS, NEEDLE_FAMILIES, NEEDLE_MASKS, NEEDLE_PATTERNS, NIBBLES } from "./generated/needles";
import { IBAN_HEAD, PATTERNS, PROSE_LOGIN } from "./generated/patterns";
import { endOfIban } from "./iban";
import { bitOf, bucketsAt, someOf } from "./lanes";
import { matchAt, start } from "./match";
import { isNamed } from "./tail";
import * as view from "./view";

// Classes of characters: a bit is in both tables for the low and the high half of each of its characters.
// 1 digit, 2 : = >, 4 a letter of hexadecimal, 8 and 16 letters to o and from p, 32 + - /, 64 space , -, 128 @.
const LOW: usize = memory.data<u8>(
  [
    // 0 to F: digits 0-9; : = >; a-f as 1-6; a-o as 1-F; p-z as 0-A; + - /; space , -; @.
    0xd1, 0x1d, 0x1d, 0x1d, 0x1d, 0x1d, 0x1d, 0x19, 0x19, 0x19, 0x1a, 0x28,
    0x48, 0x6a, 0x0a, 0x28,
  ],
  16,
);
const HIGH: usize = memory.data<u8>(
  [0, 0, 0x60, 0x03, 0x8c, 0x10, 0x0c, 0x10, 0, 0, 0, 0, 0, 0, 0, 0],
  16,
);

const LEAST_TOKEN: i32 = 14;
// Characters between two digits of one number: at most so many for a card, a phone, and printed close together.
const PAN_GAP: i32 = 6;
const PHONE_GAP: i32 = 16;
const CLOSE_GAP: i32 = 2;
const PAIR_GAP: i32 = 7;

let found: u32 = 0;
let lastDigit: i32 = 0;
let lastLetter: i32 = 0;
let panDigits: i32 = 0;
let phoneDigits: i32 = 0;
let closeDigits: i32 = 0;
let runDigits: i32 = 0;
let lastPair: i32 = 0;
let pairs: i32 = 0;
let tokenStart: i32 = -1;
let marks: u64 = 0;
let isFiltered: bool = false;
const MOST_PATTERNS: usize = (PATTERNS + 15) & ~15;
const matched: usize = reserve(MOST_PATTERNS);

/** Bits of all detectors, when nothing is known of the view. */
export function unfiltered(): u32 {
  isFiltered = false;
  return ALL;
}

/** Whether a pattern of the first seven families may match somewhere in the view that was filtered last. */
export function mayMatch(pattern: i32): bool {
  return !isFiltered || load<u8>(matched + pattern) !== 0;
}

/** Bits of the detectors that may find something in the current view. */
export function prefilter(): u32 {
  isFiltered = true;
  for (let place: usize = 0; place < MOST_PATTERNS; place += 16)
    v128.store(matched + place, i8x16.splat(0));
  const base = view.text;
  const size = view.length;
  found = 0;
  lastDigit = -100;
  lastLetter = -1;
  panDigits = 0;
  phoneDigits = 0;
  closeDigits = 0;
  runDigits = 0;
  lastPair = -100;
  pairs = 0;
  tokenStart = -1;
  const head = load<u8>(base);
  if ((head === 65 || head === 97 || head < 33) && matchAt(PROSE_LOGIN, base, size, 0)) {
    found |= PROSE;
    store<u8>(matched + PROSE_LOGIN, 1);
  }

  const nibble = i8x16.splat(15);
  const low = v128.load(LOW);
  const high = v128.load(HIGH);
  let before: u64 = 0;
  let wordBefore: u64 = 0;
  for (let at = 0; at < size; at += 64) {
    let digits: u64 = 0;
    let letters: u64 = 0;
    let delimiters: u64 = 0;
    let hexes: u64 = 0;
    let separators: u64 = 0;
    let tokens: u64 = 0;
    let hits: u64 = 0;
    let edges: u64 = 0;
    const until = min(at + 64, size);
    for (let place = at; place < until; place += 16) {
      const one = v128.load(base + place);
      const two = v128.load(base + place, 1);
      const three = v128.load(base + place, 2);
      const four = v128.load(base + place, 3);
      const oneLow = v128.and(one, nibble);
      const oneHigh = v128.and(i16x8.shr_u(one, 4), nibble);
      const twoLow = v128.and(two, nibble);
      const twoHigh = v128.and(i16x8.shr_u(two, 4), nibble);
      const threeLow = v128.and(three, nibble);
      const threeHigh = v128.and(i16x8.shr_u(three, 4), nibble);
      const fourLow = v128.and(four, nibble);
      const fourHigh = v128.and(i16x8.shr_u(four, 4), nibble);
      const some = v128.or(
        bucketsAt(NIBBLES, oneLow, oneHigh, twoLow, twoHigh, threeLow, threeHigh, fourLow, fourHigh),
        bucketsAt(NIBBLES + 128, oneLow, oneHigh, twoLow, twoHigh, threeLow, threeHigh, fourLow, fourHigh),
      );
      const last = bucketsAt(NIBBLES + 256, oneLow, oneHigh, twoLow, twoHigh, threeLow, threeHigh, fourLow, fourHigh);
      const kinds = v128.and(i8x16.swizzle(low, oneLow), i8x16.swizzle(high, oneHigh));
      const shift = <u64>(place - at);
      const edged = v128.or(some, v128.and(last, i8x16.splat(<i8>~INNER_BUCKETS)));
      const inner = v128.and(last, i8x16.splat(<i8>INNER_BUCKETS));
      edges |= someOf(edged) << shift;
      hits |= someOf(inner) << shift;
      digits |= bitOf(kinds, 7) << shift;
      delimiters |= bitOf(kinds, 6) << shift;
      hexes |= bitOf(kinds, 5) << shift;
      letters |= (bitOf(kinds, 4) | bitOf(kinds, 3)) << shift;
      tokens |= (bitOf(kinds, 2) | <u64>i8x16.bitmask(i8x16.eq(one, i8x16.splat(95)))) << shift;
      separators |= bitOf(kinds, 1) << shift;
      marks |= <u64>i8x16.bitmask(kinds) << shift;
    }
    const words = digits | letters;
    tokens |= words;
    hexes |= digits;
    separators |= delimiters;
    // Most of the patterns begin after something that is neither letter nor digit.
    hits |= edges & ~((words << 1) | wordBefore);
    wordBefore = words >> 63;
    const inside: u64 = size - at >= 64 ? -1 : (<u64>1 << (size - at)) - 1;
    if ((marks & inside) !== 0) found |= EMAIL;
    marks = 0;
    hits &= inside;
    if (hits !== 0) needles(at, hits);
    digits &= inside;
    if (digits !== 0) digitsAt(at, digits, letters);
    if (letters !== 0) lastLetter = at + 63 - <i32>clz(letters);
    delimiters &= inside;
    if (delimiters !== 0 && (found & PAIRS) === 0) delimitersAt(at, delimiters);
    if ((found & ENCODED) === 0) {
      tokensAt(at, tokens & inside, inside);
      // Two digits of hexadecimal and a separator; the first may lie in the block before.
      const pair = separators & ((hexes << 1) | (before >> 63)) & ((hexes << 2) | (before >> 62)) & inside;
      if (pair !== 0) pairsAt(at, pair);
    }
    before = hexes;
  }
  if (tokenStart >= 0) endToken(size);
  return found;
}

// Where a pattern may begin it is tried, so that a word alone does not start a detector.
function needles(at: i32, places: u64): void {
  for (let left = places; left !== 0; left &= left - 1) {
    const place = at + <i32>ctz(left);
    const address = view.text + place;
    let low = ~(<u64>0);
    let high = ~(<u64>0);
    let row = NEEDLE_MASKS;
    for (let byte: usize = 0; byte < 6 && (low | high) !== 0; byte++) {
      const mask = row + (<usize>load<u8>(address + byte) << 4);
      low &= load<u64>(mask);
      high &= load<u64>(mask, 8);
      row += 4096;
    }
    if (low !== 0) tried(place, 0, low);
    if (high !== 0) tried(place, 64, high);
  }
}

function tried(place: i32, from: i32, needles: u64): void {
  for (let left = needles; left !== 0; left &= left - 1) {
    const needle = from + <i32>ctz(left);
    const pattern = <i32>load<u16>(NEEDLE_PATTERNS + (<usize>needle << 1));
    if (pattern !== 0xffff) {
      if (load<u8>(matched + pattern) !== 0) continue;
      if (!matchAt(pattern, view.text, view.length, place)) continue;
      // Two letters and two digits are common; a country and check digits are not.
      if (pattern === IBAN_HEAD && endOfIban(start(1)) < 0) continue;
      store<u8>(matched + pattern, 1);
    }
    found |= <u32>1 << load<u8>(NEEDLE_FAMILIES + needle);
  }
}

// Counts the digits of what may be one number: no letter stands in it.
function digitsAt(at: i32, places: u64, letters: u64): void {
  for (let left = places; left !== 0; left &= left - 1) {
    const bit = ctz(left);
    const place = at + <i32>bit;
    const lettersLeft = letters & ((<u64>1 << bit) - 1);
    const letter = lettersLeft === 0 ? lastLetter : at + 63 - <i32>clz(lettersLeft);
    const gap = letter > lastDigit ? 1000 : place - lastDigit;
    lastDigit = place;
    runDigits = gap === 1 ? runDigits + 1 : 1;
    closeDigits = gap <= CLOSE_GAP ? closeDigits + 1 : 1;
    panDigits = gap <= PAN_GAP ? panDigits + 1 : 1;
    phoneDigits = gap <= PHONE_GAP ? phoneDigits + 1 : 1;
    if (phoneDigits < 8) continue;
    found |= PHONE;
    if (closeDigits >= 8) found |= IDENTITY;
    if (closeDigits >= 12) found |= TRAILING;
    if (runDigits >= 12) found |= TRACK;
    if (panDigits < 8) continue;
    if (panDigits >= 11 || (load<u8>(view.text + place + 1) | 32) === 101) found |= PAN;
    // A list of byte values.
    if (isAfterComma(place)) found |= ENCODED;
  }
}

function isAfterComma(place: i32): bool {
  const left = load<u8>(view.text + place - 1);
  return left === 44 || (left === 32 && load<u8>(view.text + place - 2) === 44);
}

function delimitersAt(at: i32, places: u64): void {
  for (let left = places; left !== 0; left &= left - 1) {
    if (!isNamed(at + <i32>ctz(left))) continue;
    found |= PAIRS;
    return;
  }
}

// Runs of characters that tokens consist of. Those that begin and end within the block are looked for only when one of
// them is long enough.
function tokensAt(at: i32, tokens: u64, inside: u64): void {
  let others = ~tokens & inside;
  if (tokenStart < 0 && (tokens & 1) !== 0) tokenStart = at;
  if (others === 0) return;
  if (tokenStart >= 0) endToken(at + <i32>ctz(others));
  let long = tokens & (tokens >> 1);
  long &= long >> 2;
  long &= long >> 4;
  long &= long >> 6;
  others &= others - 1;
  if (long !== 0) {
    let from = <i32>ctz(~tokens & inside) + 1;
    for (let left = others; left !== 0; left &= left - 1) {
      const to = <i32>ctz(left);
      if (to - from >= LEAST_TOKEN) {
        tokenStart = at + from;
        endToken(at + to);
      }
      from = to + 1;
    }
  }
  const last = 63 - <i32>clz(~tokens & inside);
  tokenStart = last === 63 || at + last + 1 >= view.length ? -1 : at + last + 1;
}

function endToken(end: i32): void {
  if (end - tokenStart >= LEAST_TOKEN && mayDecode(tokenStart, end)) found |= ENCODED;
  tokenStart = -1;
}

function pairsAt(at: i32, places: u64): void {
  for (let left = places; left !== 0; left &= left - 1) {
    const place = at + <i32>ctz(left);
    pairs = place - lastPair <= PAIR_GAP ? pairs + 1 : 1;
    lastPair = place;
    if (pairs >= 7) found |= ENCODED;
  }
}
