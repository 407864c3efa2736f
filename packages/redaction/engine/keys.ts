// What a key says about its value.

import { reserve } from "./arena";
import { KIND_NONE } from "./codes";
import { KEYS_PLACE } from "./generated/patterns";
import { KEY_MASK, KEY_SLOTS, KEY_WORDS } from "./generated/key-words";
import { matchAt } from "./match";
import { hashed, numberOf, SEED } from "./table";
import { isDigit, isLetter, isWord } from "./ascii";
import { markerAt } from "./marks";
import { equals } from "./word";

const LONGEST: i32 = 200;
const LONGEST_ENDING: i32 = 48;
const MOST_WORDS: i32 = LONGEST;

/** Words of the key looked at last, in lower case with spaces between them. */
export const spaced: usize = reserve(LONGEST * 4 + 16);
export let spacedLength: i32 = 0;

// The words one after the other, and where each begins; the last entry is where they end.
const joined: usize = reserve(LONGEST * 2 + 16);
const begins: usize = reserve((MOST_WORDS + 1) * 4);
let words: i32 = 0;

/**
 * Splits a key into words: camel, snake, kebab, dot and bracket spellings are one. One byte stands for a character,
 * as in a view.
 */
export function split(address: usize, size: i32): void {
  const from = max(0, size - LONGEST);
  let out = 0;
  let line = spaced;
  let isInside = false;
  words = 0;
  for (let at = from; at < size; at++) {
    const byte = load<u8>(address + at);
    // What redaction wrote in place of a name says nothing of the value; user[email] does.
    if (byte === 91 && (at === from || !isWord(load<u8>(address + at - 1)))) {
      const marker = markerAt(address, size, at);
      if (marker > 0) {
        if (words > 0) store<u8>(line++, 32);
        store<i32>(begins + (<usize>words << 2), out);
        words++;
        // "redacted", so that the words on both sides do not meet.
        store<u64>(joined + out, 0x6465746361646572);
        store<u64>(line, 0x6465746361646572);
        out += 8;
        line += 8;
        at += marker - 1;
        isInside = false;
        continue;
      }
    }
    const isUpper = <u32>(byte - 65) < 26;
    if (!isUpper && !isLetter(byte) && !isDigit(byte) && byte !== 0x80) {
      isInside = false;
      continue;
    }
    if (isUpper && isInside) {
      const left = load<u8>(address + at - 1);
      const isLeftUpper = <u32>(left - 65) < 26;
      const right = at + 1 < size ? load<u8>(address + at + 1) : 0;
      if (isLeftUpper ? <u32>(right - 97) < 26 : left !== 0x80) isInside = false;
    }
    if (!isInside) {
      if (words > 0) store<u8>(line++, 32);
      store<i32>(begins + (<usize>words << 2), out);
      words++;
      isInside = true;
    }
    const lower = isUpper ? byte | 32 : byte;
    store<u8>(joined + out++, lower);
    store<u8>(line++, lower);
  }
  store<i32>(begins + (<usize>words << 2), out);
  spacedLength = <i32>(line - spaced);
}

/** The kind of value that stands under the key of this name (codes.ts), as far as its last words say; 0 for none. */
export function kindOf(address: usize, size: i32): i32 {
  // The convention's identifier of a visit, not of a login.
  if (size === 10 && equals(address, size, "session.id")) return KIND_NONE;
  split(address, size);
  for (let end = words; end > 0 && end > words - 3; end--) {
    if (end < words && !isNeutral(end)) break;
    const kind = endingAt(end);
    if (kind !== KIND_NONE) return kind;
  }
  return KIND_NONE;
}

function beginOf(word: i32): i32 {
  return load<i32>(begins + (<usize>word << 2));
}

function lookUp(from: i32, to: i32, hash: u32): u32 {
  return numberOf(KEY_SLOTS, KEY_MASK, KEY_WORDS, joined + from, to - from, hash);
}

function isNeutral(word: i32): bool {
  const from = beginOf(word);
  const to = beginOf(word + 1);
  let hash = SEED;
  let digits = 0;
  for (let at = to - 1; at >= from; at--) {
    const byte = load<u8>(joined + at);
    hash = hashed(hash, byte);
    if (isDigit(byte)) digits++;
  }
  return digits === to - from || (lookUp(from, to, hash) >> 16) !== 0;
}

// The longest of up to five words that end before `end` decides, with the digits after it or without.
function endingAt(end: i32): i32 {
  const to = beginOf(end);
  let bare = to;
  while (bare > 0 && isDigit(load<u8>(joined + bare - 1))) bare--;
  const first = max(0, end - 5);
  const floor = max(beginOf(first), to - LONGEST_ENDING);
  const last = beginOf(end - 1);
  let glued: u32 = 0;
  let best = KIND_NONE;
  let word = end - 1;
  let full = SEED;
  let short = SEED;
  for (let at = to - 1; at >= floor; at--) {
    const byte = load<u8>(joined + at);
    full = hashed(full, byte);
    if (at < bare) short = hashed(short, byte);
    if (at === beginOf(word)) {
      let kind = lookUp(at, to, full) & 0xff;
      if (kind === 0 && bare < to && at < bare) kind = lookUp(at, bare, short) & 0xff;
      if (kind !== 0 && !isExempt(at, to)) best = kind;
      word--;
    }
    // Six letters is the shortest of the glued ones.
    if (at >= last && to - at >= 6) {
      const kind = (lookUp(at, to, full) >> 8) & 0xff;
      if (kind !== 0) glued = kind;
    }
  }
  return best !== KIND_NONE ? best : glued;
}

// Words that the same ending makes harmless: the key of a message, the code of an answer.
function isExempt(from: i32, to: i32): bool {
  const address = joined + from;
  const size = to - from;
  if (size < 3 || size > 5) return false;
  if (equals(address, size, "key") || equals(address, size, "code") || equals(address, size, "sign"))
    return words > 1;
  if (words < 2 || !equals(address, size, "token")) return false;
  const previous = beginOf(words - 2);
  return matchAt(KEYS_PLACE, joined + previous, beginOf(words - 1) - previous, 0);
}
