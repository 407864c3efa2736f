// Patterns by the words that they begin with or have: three bytes are looked up, and where that hits, the pattern is
// tried, so that a word alone does not start a detector.

import { isAlphanumeric } from "./ascii";
import { IBAN } from "./families";
import {
  NEEDLE_BACKS,
  NEEDLE_FAMILIES,
  NEEDLE_MASKS,
  NEEDLE_OTHERS,
  NEEDLE_PATTERNS,
  NEEDLE_STARTS,
} from "./generated/needles";
import { IBAN_HEAD, PATTERNS } from "./generated/patterns";
import { endOfIban, isCountry } from "./iban";
import { mayBegin } from "./head";
import { matchAt, start } from "./match";
import { reserve } from "./arena";
import * as view from "./view";

// As scripts/needles.mts has them.
const FACTOR: u32 = 0x9e37_79b1;
const NO_PATTERN: i32 = 0xffff;
const ANYWHERE: i32 = 255;

const MOST_PATTERNS: usize = (PATTERNS + 15) & ~15;
const matched: usize = reserve(MOST_PATTERNS);

// Whether one of them has matched.
let isAny: bool = false;

/** Begins anew: nothing has matched. */
export function clearMatched(): void {
  if (!isAny) return;
  isAny = false;
  for (let place: usize = 0; place < MOST_PATTERNS; place += 16) v128.store(matched + place, i8x16.splat(0));
}

/** The pattern may match somewhere. */
export function setMatched(pattern: i32): void {
  isAny = true;
  store<u8>(matched + pattern, 1);
}

export function isMatched(pattern: i32): bool {
  return load<u8>(matched + pattern) !== 0;
}

/** The detectors whose patterns match at these words of a block of the view. */
export function detectorsAt(at: i32, words: u64): u32 {
  const base = view.text + at;
  let detectors: u32 = 0;
  for (let left = words; left !== 0; left &= left - 1) {
    const word = base + <usize>ctz(left);
    if (isSought(word)) detectors |= atWord(word);
  }
  return detectors;
}

/** Whether a pattern may begin with the word, by four of its bytes. */
export function isSought(word: usize): bool {
  const bytes = load<u32>(word);
  return isIn(NEEDLE_STARTS, bytes & 0xdf_dfdf) && isIn(NEEDLE_OTHERS, bytes & 0xdf00_dfdf);
}

function isIn(bitmap: usize, bytes: u32): bool {
  const hash = (bytes * FACTOR) >> 17;
  return ((<u32>load<u8>(bitmap + (hash >> 3)) >> (hash & 7)) & 1) !== 0;
}

// Needles by their bits, 128 at a time.
function atWord(word: usize): u32 {
  return needlesAt(word, 0) | needlesAt(word, 128);
}

function needlesAt(word: usize, from: i32): u32 {
  const masks = NEEDLE_MASKS + (<usize>from >> 3);
  const one = v128.and(maskOf(masks, word, 0), maskOf(masks, word, 1));
  const two = v128.and(maskOf(masks, word, 2), maskOf(masks, word, 3));
  const three = v128.and(maskOf(masks, word, 4), maskOf(masks, word, 5));
  const four = v128.and(maskOf(masks, word, 6), maskOf(masks, word, 7));
  const needles = v128.and(v128.and(one, two), v128.and(three, four));
  if (!v128.any_true(needles)) return 0;
  const place = <i32>(word - view.text);
  return (
    tried(place, from, i64x2.extract_lane(needles, 0)) |
    tried(place, from + 64, i64x2.extract_lane(needles, 1))
  );
}

// The needles that have the byte of a word in its place.
function maskOf(masks: usize, word: usize, place: usize): v128 {
  return v128.load(masks + (place << 13) + (<usize>load<u8>(word + place) << 5));
}

function tried(place: i32, from: i32, needles: u64): u32 {
  let detectors: u32 = 0;
  for (let left = needles; left !== 0; left &= left - 1) {
    const needle = from + <i32>ctz(left);
    const pattern = <i32>load<u16>(NEEDLE_PATTERNS + (<usize>needle << 1));
    if (pattern !== NO_PATTERN) {
      const back = <i32>load<u8>(NEEDLE_BACKS + needle);
      if (back === ANYWHERE) setMatched(pattern);
      else if (!triedAt(pattern, place - back)) continue;
    }
    detectors |= <u32>1 << load<u8>(NEEDLE_FAMILIES + needle);
  }
  return detectors;
}

/** Whether the pattern begins here; false as well when it is known already that it is somewhere. */
export function triedAt(pattern: i32, place: i32): bool {
  if (place < 0 || isMatched(pattern) || !mayBegin(pattern, view.text + place)) return false;
  if (!matchAt(pattern, view.text, view.length, place)) return false;
  // Two letters and two digits are common; a country and check digits are not.
  if (pattern === IBAN_HEAD && endOfIban(start(1)) < 0) return false;
  setMatched(pattern);
  return true;
}

/** The detector of account numbers, when one begins with the two letters before one of these digits. */
export function ibansAt(at: i32, digits: u64): u32 {
  for (let left = digits; left !== 0; left &= left - 1) {
    const digit = at + <i32>ctz(left);
    const left1 = load<u8>(view.text + digit - 1);
    // A space or a dash may stand between them.
    const place = left1 === 32 || left1 === 45 ? digit - 3 : digit - 2;
    const head = view.text + place;
    if (isCountry(load<u8>(head), load<u8>(head, 1)) && isLongAt(digit + 2) && triedAt(IBAN_HEAD, place)) return IBAN;
  }
  return 0;
}

// Eleven letters and digits more, with one mark at most before each.
function isLongAt(from: i32): bool {
  let at = from;
  for (let count = 0; count < 11; count++) {
    if (!isAlphanumeric(view.at(at)) && !isAlphanumeric(view.at(++at))) return false;
    at++;
  }
  return true;
}
