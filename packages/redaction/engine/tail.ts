// A quick look at the letters before a delimiter: most keys do not end as any word does that means something.

import { isDigit, isLetter } from "./ascii";
import { KIND_NONE, KIND_TRACE } from "./codes";
import { LETTER } from "./fold";
import { KEY_ENDS, KEY_TAILS, KEY_TAILS_BEFORE_DIGITS } from "./generated/key-words";
import { PAIRS_NAMED } from "./generated/patterns";
import { findKey, keyLength, keyStart } from "./key";
import { kindOf } from "./keys";
import { digitsOf, lettersOf } from "./lanes";
import { matchAt } from "./match";
import * as view from "./view";

// A key may have so much behind its last letter; with more it is not passed over.
const FARTHEST: i32 = 64;
// As scripts/key-words.mts has it.
const FACTOR: u32 = 0x9e37_79b1;

/** Whether the `=`, `:` or `>` at `delimiter` may have a key before it whose value matters. */
export function isNamed(delimiter: i32): bool {
  return mayBeNamed(delimiter) && hasKind(delimiter);
}

function hasKind(delimiter: i32): bool {
  if (!findKey(delimiter)) return false;
  const key = view.text + keyStart;
  const kind = kindOf(key, keyLength);
  // {"Name":"PhoneNumber","Value":254712345678}: the key is the value of the pair before.
  if ((kind !== KIND_NONE && kind !== KIND_TRACE) || matchAt(PAIRS_NAMED, key, keyLength, 0)) return true;
  return load<u8>(view.text + delimiter) === 62 && hasAttribute(delimiter);
}

// <entry key="db.password">x</entry>
function hasAttribute(close: i32): bool {
  const quote = view.at(close - 1);
  if (quote !== 34 && quote !== 39) return false;
  let from = close - 1;
  while (close - from < FARTHEST && from > 0 && view.at(from - 1) !== quote) from--;
  return kindOf(view.text + from, close - 1 - from) !== KIND_NONE;
}

function mayBeNamed(delimiter: i32): bool {
  const left = delimiter > 0 ? load<u8>(view.text + delimiter - 1) : 0;
  // The name of a tag stands at its beginning.
  if (load<u8>(view.text + delimiter) === 62 && left !== 61 && left !== 45) return isInTag(delimiter) || ((left === 34 || left === 39) && isTail(delimiter - 2));
  return isDigit(left) ? !isNumber(delimiter - 1) && isTailBeforeDigits(delimiter - 1) : isTail(delimiter - 1);
}

// Whether digits are all that the key consists of: a time, a line and a column.
function isNumber(last: i32): bool {
  let at = last;
  const floor = max(0, last - FARTHEST);
  while (at >= floor && isDigit(load<u8>(view.text + at))) at--;
  if (at < floor) return floor === 0;
  const byte = load<u8>(view.text + at);
  // As key.ts has them: _ space $ - .
  return !(isAnyLetter(byte) || byte === 95 || byte === 32 || byte === 36 || byte === 45 || byte === 46);
}

// The last four letters, whatever stands between them, of the sixteen characters that end here.
function isTail(last: i32): bool {
  const from = view.text + last - 15;
  const chunk = v128.load(from);
  const inside: i32 = last < 15 ? (0xffff << (15 - last)) & 0xffff : 0xffff;
  let letters = i8x16.bitmask(lettersOf(chunk)) & inside;
  const top = 31 - clz(letters);
  if (letters === 0 || (i8x16.bitmask(chunk) & inside) !== 0) return isTailBeforeDigits(last);
  const digits = i8x16.bitmask(digitsOf(chunk)) & inside;
  if (digits > letters) return isTailBeforeDigits(last);
  if (top >= 3 && ((letters >> (top - 3)) & 15) === 15) return hasTail(from + top - 3);
  // A digit ends the word.
  if (digits !== 0) letters &= -1 << (32 - clz(digits));
  else if (last > 15 && popcnt(letters) < 4) return isTailBeforeDigits(last);
  let tail: u32 = 0;
  for (let shift = 24; shift >= 0 && letters !== 0; shift -= 8) {
    const place = 31 - clz(letters);
    tail |= <u32>(load<u8>(from + place) & 31) << shift;
    letters ^= 1 << place;
  }
  return isKnown(tail);
}

/** Whether the four letters at an address may be the last of a word that means something. */
export function hasTail(address: usize): bool {
  return isKnown(load<u32>(address) & 0x1f1f_1f1f);
}

/** Whether the two letters at an address may be the last of a word that means something. */
export function hasEnd(address: usize): bool {
  const row = load<u32>(KEY_ENDS + (<usize>(load<u8>(address, 1) & 31) << 2));
  return ((row >> (load<u8>(address) & 31)) & 1) !== 0;
}

function isKnown(tail: u32): bool {
  const hash = (tail * FACTOR) >> 16;
  return ((<u32>load<u8>(KEY_TAILS + (hash >> 3)) >> (hash & 7)) & 1) !== 0;
}

function isTailBeforeDigits(last: i32): bool {
  let at = last;
  const floor = max(0, last - FARTHEST);
  while (at >= floor && !isAnyLetter(load<u8>(view.text + at))) at--;
  if (at < floor) return floor > 0;
  let hash: u32 = 0;
  let factor: u32 = 1;
  for (let letters = 0; letters < 3 && at >= floor; at--) {
    const byte = load<u8>(view.text + at);
    if (isDigit(byte)) break;
    if (!isAnyLetter(byte)) continue;
    hash += (byte === LETTER ? 27 : <u32>(byte & 31)) * factor;
    factor *= 31;
    letters++;
  }
  hash &= 8191;
  return ((load<u8>(KEY_TAILS_BEFORE_DIGITS + (hash >> 3)) >> <u8>(hash & 7)) & 1) !== 0;
}

function isAnyLetter(byte: u8): bool {
  return isLetter(byte) || byte === LETTER;
}

function isInTag(close: i32): bool {
  let open = close - 1;
  const floor = max(0, close - 200);
  while (open >= floor && load<u8>(view.text + open) !== 60) open--;
  if (open < floor) return false;
  let end = open + 1;
  while (end < close && isTagByte(end)) end++;
  return isTail(end - 1);
}

// Letters, digits and _ . : -; only the first of a name may be a letter that is not ASCII.
function isTagByte(at: i32): bool {
  const byte = load<u8>(view.text + at);
  if (byte === LETTER) {
    const left = load<u8>(view.text + at - 1);
    return left === 60 || left === 58;
  }
  return isLetter(byte) || isDigit(byte) || byte === 95 || byte === 46 || byte === 58 || byte === 45;
}
