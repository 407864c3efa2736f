// Whether what looks like base64 or hexadecimal can be text once it is decoded.

import { all, digitsOf } from "./lanes";
import * as view from "./view";

// As encoded.ts has them.
const HEAD: i32 = 32;
const LEAST_TOKEN: i32 = 14;
const LEAST_HEX: i32 = 24;
const LEAST_BYTES: i32 = 8;

// By the high half of a character: what is added to it. 3 digits, 4 and 5 upper case, 6 and 7 lower case, 2 plus.
const OFFSETS: usize = memory.data<i8>([0, 0, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0], 16);
// Which of the decoded bytes lies where: the last of three comes first, and a zero after them.
const DECODED: usize = memory.data<i8>([2, 1, 0, 99, 5, 4, 3, 99, 8, 7, 6, 99, 11, 10, 9, 99], 16);
// Which bits of four characters are the first two of a byte, and what they are in one that begins no character.
const TOPS: usize = memory.data<i8>([48, 12, 3, 0, 48, 12, 3, 0, 48, 12, 3, 0, 48, 12, 3, 0], 16);
const CONTINUED: usize = memory.data<i8>([32, 8, 2, 1, 32, 8, 2, 1, 32, 8, 2, 1, 32, 8, 2, 1], 16);

// The places of the first of two, and none.
const PAIRS: usize = memory.data<i8>([0, 99, 2, 99, 4, 99, 6, 99, 8, 99, 10, 99, 12, 99, 14, 99], 16);

let readable: i32 = 0;
let zeros: i32 = 0;

/** Whether the token from `from` to `to` may be decoded to text, or a part of it when it has one. */
export function mayDecode(from: i32, to: i32, mayHavePart: bool): bool {
  const isPrefixed = load<u16>(view.text + from) === 0x7830;
  const start = isPrefixed ? from + 2 : from;
  const size = to - start;
  if (isBase64Text(start, to)) return true;
  if (isHexHead(view.text + start) && size >= LEAST_HEX && isHexText(start, to)) return true;
  return mayHavePart && (size <= 64 ? hasTextPart(start, size) : hasTextParts(start, to));
}

// Between dashes, slashes and lines, fourteen characters that follow one another.
function hasTextPart(start: i32, size: i32): bool {
  const ends: u64 =
    <u64>i8x16.bitmask(endsAt(start)) |
    (<u64>i8x16.bitmask(endsAt(start + 16)) << 16) |
    (<u64>i8x16.bitmask(endsAt(start + 32)) << 32) |
    (<u64>i8x16.bitmask(endsAt(start + 48)) << 48);
  const parts = ~ends & (<u64>-1 >> (64 - size));
  let long = parts & (parts >> 1);
  long &= long >> 2;
  long &= long >> 4;
  long &= long >> 6;
  while (long !== 0) {
    const begin = ctz(long);
    const rest = ~(parts >> begin);
    const length = rest === 0 ? 64 : ctz(rest);
    // The whole was looked at.
    if (<i32>length === size) return false;
    const part = start + <i32>begin;
    if (isBase64Text(part, part + <i32>length)) return true;
    long &= begin + length >= 64 ? 0 : <u64>-1 << (begin + length);
  }
  return false;
}

function hasTextParts(start: i32, to: i32): bool {
  let part = start;
  for (let at = start; at < to; at += 16) {
    let ends = i8x16.bitmask(endsAt(at));
    for (; ends !== 0; ends &= ends - 1) {
      const end = at + ctz(ends);
      if (end >= to) break;
      if (end - part >= LEAST_TOKEN && isBase64Text(part, end)) return true;
      part = end + 1;
    }
  }
  return part > start && to - part >= LEAST_TOKEN && isBase64Text(part, to);
}

// Where a part of a token ends.
function endsAt(at: i32): v128 {
  const chunk = v128.load(view.text + at);
  const lines = v128.or(i8x16.eq(chunk, all(47)), i8x16.eq(chunk, all(95)));
  return v128.or(i8x16.eq(chunk, all(45)), lines);
}

// Whether what the bytes decoded so far and `rest` more can be is a text of `count` bytes.
function mayBeText(rest: i32, count: i32): bool {
  return (readable + rest) * 10 >= count * 9 || (zeros + rest) * 3 > count;
}

// Sixteen characters at once make twelve bytes. Most that is no text is known by the first two.
function isBase64Text(start: i32, end: i32): bool {
  const bytes = ((end - start) * 6) >> 3;
  if (bytes < LEAST_BYTES) return false;
  const count = min(bytes, HEAD);
  const from = view.text + start;
  const one = valuesOf(v128.load(from));
  const two = valuesOf(v128.load(from + 16));
  if (isNoText(one, two, from, end - start, count)) return false;
  readable = 0;
  zeros = 0;
  take(bytesOf(one), inside(min(count, 12)));
  take(bytesOf(two), inside(max(0, min(count - 12, 12))));
  const rest = max(0, count - 24);
  if (!mayBeText(rest, count)) return false;
  take(bytesOf(valuesOf(v128.load(from + 32))), inside(rest));
  return mayBeText(0, count);
}

// Whether too many of the first bytes begin with the bits 10, as no character does: those of a word mostly do, for they
// are of letters. No byte is zero without one of A to D.
function isNoText(one: v128, two: v128, from: usize, size: i32, count: i32): bool {
  const known: u32 = size > 32 ? 0xffff_ffff : <u32>((<u64>1 << (size - 1)) - 1);
  const bad = <u32>i8x16.bitmask(continuedOf(one)) | (<u32>i8x16.bitmask(continuedOf(two)) << 16);
  if (<i32>popcnt(bad & known) * 10 <= count) return false;
  const firsts = <u32>i8x16.bitmask(firstsOf(from)) | (<u32>i8x16.bitmask(firstsOf(from + 16)) << 16);
  return (<i32>popcnt(firsts) + max(0, count - 24)) * 3 <= count;
}

function continuedOf(six: v128): v128 {
  return i8x16.eq(v128.and(six, v128.load(TOPS)), v128.load(CONTINUED));
}

// A to D
function firstsOf(from: usize): v128 {
  return i8x16.lt_s(i8x16.add(v128.load(from), all(63)), all(132));
}

function inside(count: i32): v128 {
  return i8x16.lt_s(v128.load(DECODED), i8x16.splat(<i8>count));
}

function bytesOf(six: v128): v128 {
  const pairs = v128.or(i16x8.shl(v128.and(six, i16x8.splat(0xff)), 6), i16x8.shr_u(six, 8));
  return v128.or(i32x4.shl(v128.and(pairs, i32x4.splat(0xffff)), 12), i32x4.shr_u(pairs, 16));
}

// What each character of either alphabet stands for.
function valuesOf(chars: v128): v128 {
  const high = v128.and(i16x8.shr_u(chars, 4), all(15));
  const values = i8x16.add(chars, i8x16.swizzle(v128.load(OFFSETS), high));
  const last = v128.or(i8x16.eq(chars, all(47)), i8x16.eq(chars, all(95)));
  const dash = i8x16.eq(chars, all(45));
  // 47 and 95 are 63, 43 is 62 by its offset, and so is 45 with two less.
  return v128.bitselect(all(63), i8x16.add(values, v128.and(dash, all(254))), last);
}

function take(bytes: v128, inside: v128): void {
  const printed = i8x16.lt_s(i8x16.add(bytes, all(96)), all(223));
  const spaces = i8x16.lt_s(i8x16.add(bytes, all(119)), all(133));
  const wide = i8x16.ge_u(bytes, all(194));
  readable += popcnt(i8x16.bitmask(v128.and(v128.or(v128.or(printed, spaces), wide), inside)));
  zeros += popcnt(i8x16.bitmask(v128.and(i8x16.eq(bytes, i8x16.splat(0)), inside)));
}

function hexLettersOf(chars: v128): v128 {
  return i8x16.lt_s(i8x16.add(v128.or(chars, all(32)), all(31)), all(134));
}

function isHexHead(from: usize): bool {
  const chars = v128.load(from);
  return i8x16.all_true(v128.or(digitsOf(chars), hexLettersOf(chars)));
}

// Sixteen characters at once make eight bytes.
function isHexText(start: i32, end: i32): bool {
  const count = min((end - start) >> 1, HEAD);
  readable = 0;
  zeros = 0;
  for (let from = view.text + start, left = count * 2; left > 0; from += 16, left -= 16) {
    const chars = v128.load(from);
    const letters = hexLettersOf(chars);
    const inside: i32 = left < 16 ? (1 << left) - 1 : 0xffff;
    if ((i8x16.bitmask(v128.or(digitsOf(chars), letters)) & inside) !== inside) return false;
    // A letter is nine more than its low half.
    const nines = v128.and(letters, all(9));
    const values = i8x16.add(v128.and(chars, all(15)), nines);
    const bytes = v128.or(i16x8.shl(values, 4), i16x8.shr_u(values, 8));
    // Of each pair the first place has the byte.
    take(bytes, i8x16.lt_s(v128.load(PAIRS), i8x16.splat(<i8>min(left, 16))));
  }
  return mayBeText(0, count);
}
