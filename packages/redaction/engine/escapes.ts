// Percent, JSON, HTML, quoted-printable and Unicode spellings become one byte; ANSI colours vanish.

import { foldOf, LETTER, pointAt, VANISHES } from "./fold";
import { hexValue, isDigit, isHex, isLetter } from "./ascii";
import { equals, isUpperHexAt } from "./word";

const PERCENT: u8 = 37;
const PLUS: u8 = 43;
const AMPERSAND: u8 = 38;
const EQUALS: u8 = 61;
const BACKSLASH: u8 = 92;
const ESCAPE: u8 = 27;

let source: usize = 0;
let size: i32 = 0;
let target: usize = 0;
let starts: usize = 0;
let ends: usize = 0;
let count: i32 = 0;
let isAgain: bool = false;
// In the first pass places are those in the source; later the text is decoded in place, and they are looked up.
let isFirst: bool = true;
// Whether the word that is read has a percent escape, as far as it is read, and where that was looked up.
let isForm: bool = false;
let formUntil: i32 = 0;

/**
 * Decodes `from` into `to`, with two u32 maps from each byte to where it began and ended in the source; up to four
 * passes, since a decoded character may begin another escape. Gives the length, at most `length`.
 */
export function decode(from: usize, length: i32, to: usize, startMap: usize, endMap: usize): i32 {
  source = from;
  size = length;
  target = to;
  starts = startMap;
  ends = endMap;
  isFirst = true;
  for (let pass = 0; pass < 4; pass++) {
    once();
    isFirst = false;
    source = to;
    size = count;
    if (!isAgain) break;
  }
  return count;
}

function once(): void {
  count = 0;
  isAgain = false;
  isForm = false;
  formUntil = 0;
  let at = 0;
  while (at < size) {
    const code = load<u8>(source + at);
    let next = 0;
    if (code === PERCENT) next = percent(at);
    else if (code === BACKSLASH) next = backslash(at);
    else if (code === AMPERSAND) next = entity(at);
    else if (code === ESCAPE) next = ansi(at);
    else if (code === EQUALS) next = quotedPrintable(at);
    if (next > at) {
      at = next;
    } else if (code >= 0x80 && isFirst) {
      const point = pointAt(source + at, size - at);
      const end = at + <i32>(point >> 24);
      emit(point & 0xff_ffff, at, end);
      at = end;
    } else {
      if (code === PLUS && isFirst && isInForm(at)) put(32, at, at + 1);
      else if (code !== 0) put(code, at, at + 1);
      at++;
    }
  }
}

// Between percent escapes a plus is a space, as forms and URLs write it.
function isInForm(index: i32): bool {
  if (index < formUntil) return isForm;
  let from = index;
  while (from > 0 && isInWord(get(from - 1))) from--;
  isForm = false;
  formUntil = from;
  while (isInWord(get(formUntil))) {
    if (get(formUntil) === PERCENT && hexAt(formUntil + 1, 2) >= 0) isForm = true;
    formUntil++;
  }
  return isForm;
}

// What ends a word: a space, a quote and what stands around addresses in text.
function isInWord(byte: u8): bool {
  return byte > 32 && byte !== 34 && byte !== 39 && byte !== 60 && byte !== 62;
}

function put(byte: u8, from: i32, to: i32): void {
  const place = <usize>count << 2;
  const start = isFirst ? from : load<i32>(starts + (<usize>from << 2));
  const end = isFirst ? to : load<i32>(ends + (<usize>(to - 1) << 2));
  store<i32>(starts + place, start);
  store<i32>(ends + place, end);
  store<u8>(target + count, byte);
  count++;
}

function emit(point: u32, from: i32, to: i32): void {
  const folded = point === 0 ? VANISHES : point < 0x80 ? point : foldOf(point);
  if (folded === VANISHES) return;
  const byte = <u8>folded;
  if (byte === PERCENT || byte === BACKSLASH || byte === AMPERSAND) isAgain = true;
  put(byte, from, to);
  // Two units of UTF-16, which is what lengths in the rules count.
  if (byte >= LETTER && point > 0xffff) put(byte, from, to);
}

function get(index: i32): u8 {
  return index < size ? load<u8>(source + index) : 0;
}

function hexAt(index: i32, digits: i32): i32 {
  let value = 0;
  for (let end = index + digits; index < end; index++) {
    const digit = get(index);
    if (!isHex(digit)) return -1;
    value = (value << 4) + hexValue(digit);
  }
  return value;
}

// The byte << 24 and where its spelling ends; -1 for none. `%25` encodes the percent sign itself, so `%2520` is a
// space that was encoded twice.
function percentByte(index: i32): i64 {
  if (get(index) !== PERCENT) return -1;
  let hex = index + 1;
  while (get(hex) === 50 && get(hex + 1) === 53 && hexAt(hex + 2, 2) >= 0) hex += 2;
  const byte = hexAt(hex, 2);
  return byte < 0 ? -1 : (<i64>byte << 32) | <i64>(hex + 2);
}

function percent(index: i32): i32 {
  const first = percentByte(index);
  if (first < 0) return index;
  const byte = <u32>(first >> 32);
  let end = <i32>first;
  if (byte < 0x80) {
    emit(byte, index, end);
    return end;
  }
  const following = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
  if (following === 0) return index;
  let point = byte & (<u32>0x3f >> following);
  for (let more = 0; more < following; more++) {
    const next = percentByte(end);
    if (next < 0 || ((next >> 32) & 0xc0) !== 0x80) return index;
    point = (point << 6) | (<u32>(next >> 32) & 0x3f);
    end = <i32>next;
  }
  emit(point, index, end);
  return end;
}

// An odd run of backslashes escapes what follows it, at one or more depths of nesting.
function backslash(index: i32): i32 {
  let after = index;
  while (get(after) === BACKSLASH) after++;
  const isOdd = ((after - index) & 1) === 1;
  const char = get(after);
  if (char === 117) return unicode(index, after);
  if (char === 120) {
    const value = hexAt(after + 1, 2);
    if (value >= 0) {
      emit(value, index, after + 3);
      return after + 3;
    }
  }
  if (char === 48 && (get(after + 1) | 1) === 55 && (get(after + 2) & 0xf8) === 48) {
    emit((<u32>(get(after + 1) - 48) << 3) + (get(after + 2) - 48), index, after + 3);
    return after + 3;
  }
  let plain: u8 = 0;
  if (char === 110) plain = 10;
  else if (char === 114) plain = 13;
  else if (char === 116) plain = 9;
  else if (char === 98 || char === 102) plain = 32;
  else if (char === 34 || char === 39 || char === 96 || char === 47) plain = char;
  if (!isOdd || plain === 0) return literal(index, after);
  put(plain, index, after + 1);
  return after + 1;
}

function unicode(index: i32, after: i32): i32 {
  if (get(after + 1) === 123) {
    let end = after + 2;
    while (end < after + 8 && isHex(get(end))) end++;
    if (end > after + 2 && get(end) === 125) {
      emit(hexAt(after + 2, end - after - 2), index, end + 1);
      return end + 1;
    }
  }
  const unit = hexAt(after + 1, 4);
  if (unit < 0) return literal(index, after);
  let end = after + 5;
  if (unit >= 0xd800 && unit < 0xdc00) {
    let low = end;
    while (low < end + 16 && get(low) === BACKSLASH) low++;
    const value = low > end && (get(low) | 32) === 117 && low + 5 <= end + 16 ? hexAt(low + 1, 4) : -1;
    if (value >= 0xdc00 && value < 0xe000) {
      emit(0x1_0000 + ((unit & 0x3ff) << 10) + (value & 0x3ff), index, low + 5);
      return low + 5;
    }
  }
  emit(unit, index, end);
  return end;
}

function literal(index: i32, after: i32): i32 {
  put(BACKSLASH, index, after);
  return after;
}

function entity(index: i32): i32 {
  let amps = 0;
  let at = index + 1;
  while (amps < 4 && equals(source + at, min(4, size - at), "amp;")) {
    amps++;
    at += 4;
  }
  for (; amps >= 0; amps--, at -= 4) {
    // What is longer than forty characters is not an entity.
    const limit = index + 40;
    if (get(at) === 35) {
      let end = at + 1;
      let value: u32 = 0;
      while (end < at + 8 && isDigit(get(end))) value = value * 10 + (get(end++) - 48);
      if (end === at + 1 && (get(end) | 32) === 120) {
        const hex = ++end;
        while (end < hex + 6 && isHex(get(end))) value = (value << 4) + hexValue(get(end++));
        if (end === hex) continue;
      } else if (end === at + 1) continue;
      if (get(end) === 59) end++;
      emit(value, index, end);
      return end;
    }
    let end = at;
    while (end < at + 9 && isLetter(get(end))) end++;
    if (end - at >= 2 && end - at <= 8 && get(end) === 59 && end < limit) {
      const char = named(source + at, end - at);
      if (char === 0) return index;
      emit(char, index, end + 1);
      return end + 1;
    }
  }
  return index;
}

// The names that stand for a separator, a quote or markup; other names cannot hide a secret.
function named(name: usize, length: i32): u32 {
  if (equals(name, length, "amp")) return 38;
  if (equals(name, length, "lt")) return 60;
  if (equals(name, length, "gt")) return 62;
  if (equals(name, length, "quot")) return 34;
  if (equals(name, length, "apos")) return 39;
  if (equals(name, length, "nbsp") || equals(name, length, "ensp")) return 32;
  if (equals(name, length, "emsp") || equals(name, length, "thinsp")) return 32;
  if (equals(name, length, "numsp")) return 32;
  if (equals(name, length, "Tab")) return 9;
  if (equals(name, length, "NewLine")) return 10;
  if (equals(name, length, "ndash") || equals(name, length, "mdash")) return 45;
  if (equals(name, length, "hyphen") || equals(name, length, "dash")) return 45;
  if (equals(name, length, "minus")) return 45;
  if (equals(name, length, "commat")) return 64;
  if (equals(name, length, "plus")) return 43;
  if (equals(name, length, "period")) return 46;
  if (equals(name, length, "colon")) return 58;
  if (equals(name, length, "equals")) return 61;
  if (equals(name, length, "lowbar")) return 95;
  if (equals(name, length, "sol")) return 47;
  if (equals(name, length, "bsol")) return 92;
  if (equals(name, length, "percnt")) return 37;
  if (equals(name, length, "shy")) return 0xad;
  if (equals(name, length, "zwnj")) return 0x200c;
  if (equals(name, length, "zwj")) return 0x200d;
  return 0;
}

function ansi(index: i32): i32 {
  if (get(index + 1) !== 91) return index;
  let at = index + 2;
  while (at < index + 34 && (isDigit(get(at)) || get(at) === 59)) at++;
  return isLetter(get(at)) ? at + 1 : index;
}

// One `=41` is a query value; only a run of at least four is quoted-printable.
function quotedPrintable(index: i32): i32 {
  let end = index;
  while (end < index + 300 && get(end) === EQUALS && end + 2 < size && isUpperHexAt(source + end + 1))
    end += 3;
  if (end - index < 12) return index;
  for (let at = index; at < end; at += 3) emit(hexAt(at + 1, 2), at, at + 3);
  return end;
}
