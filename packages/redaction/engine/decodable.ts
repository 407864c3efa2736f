// Whether what looks like base64 or hexadecimal can be text once it is decoded.

import { hexValue, isHex } from "./ascii";
import * as view from "./view";

// As encoded.ts has them.
const HEAD: i32 = 32;
const LEAST_TOKEN: i32 = 14;
const LEAST_HEX: i32 = 24;
const LEAST_BYTES: i32 = 8;

// By the high half of a character: what is added to it. 3 digits, 4 and 5 upper case, 6 and 7 lower case, 2 plus.
const OFFSETS: usize = memory.data<i8>([0, 0, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0], 16);
const PLACES: usize = memory.data<i8>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 16);
// Which of the decoded bytes lies where: the last of three comes first, and a zero after them.
const DECODED: usize = memory.data<i8>([2, 1, 0, 99, 5, 4, 3, 99, 8, 7, 6, 99, 11, 10, 9, 99], 16);

let readable: i32 = 0;
let zeros: i32 = 0;

/** Whether the token from `from` to `to`, or a part of it, may be decoded to text. */
export function mayDecode(from: i32, to: i32): bool {
  const isPrefixed = load<u8>(view.text + from) === 48 && load<u8>(view.text + from + 1) === 120;
  const start = isPrefixed ? from + 2 : from;
  if (isBase64Text(start, to)) return true;
  if (to - start >= LEAST_HEX && isHexText(start, to)) return true;
  if (to - start <= 64 && !hasLongPart(start, to - start)) return false;
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

// Whether fourteen characters follow one another between dashes, slashes and lines.
function hasLongPart(start: i32, size: i32): bool {
  let parts: u64 = 0;
  for (let at = 0; at < size; at += 16) parts |= <u64>(i8x16.bitmask(endsAt(start + at)) ^ 0xffff) << at;
  if (size < 64) parts &= ((<u64>1) << size) - 1;
  parts &= parts >> 1;
  parts &= parts >> 2;
  parts &= parts >> 4;
  return (parts & (parts >> 6)) !== 0;
}

// Where a part of a token ends.
function endsAt(at: i32): v128 {
  const chunk = v128.load(view.text + at);
  const lines = v128.or(i8x16.eq(chunk, i8x16.splat(47)), i8x16.eq(chunk, i8x16.splat(95)));
  return v128.or(i8x16.eq(chunk, i8x16.splat(45)), lines);
}

// Whether what the bytes decoded so far and `rest` more can be is a text of `count` bytes.
function mayBeText(rest: i32, count: i32): bool {
  return (readable + rest) * 10 >= count * 9 || (zeros + rest) * 3 > count;
}

// Sixteen characters at once make twelve bytes.
function isBase64Text(start: i32, end: i32): bool {
  const bytes = ((end - start) * 6) >> 3;
  if (bytes < LEAST_BYTES) return false;
  const count = min(bytes, HEAD);
  readable = 0;
  zeros = 0;
  let from = view.text + start;
  // Of what makes a byte of zero, one character is of A to D.
  let early = isEarly(v128.load(from));
  if (count > 12) early = v128.or(early, isEarly(v128.load(from, 16)));
  if (count > 24) early = v128.or(early, isEarly(v128.load(from, 32)));
  const hasZeros = v128.any_true(early);
  for (let rest = count, left = end - start; rest > 0; rest -= 12, left -= 16) {
    // Behind the token stand zeros.
    const inside = i8x16.lt_s(v128.load(PLACES), i8x16.splat(<i8>min(left, 16)));
    const six = v128.and(valuesOf(v128.load(from)), inside);
    const pairs = v128.or(
      i16x8.shl(v128.and(six, i16x8.splat(0xff)), 6),
      i16x8.shr_u(six, 8),
    );
    const three = v128.or(
      i32x4.shl(v128.and(pairs, i32x4.splat(0xffff)), 12),
      i32x4.shr_u(pairs, 16),
    );
    take(three, i8x16.lt_s(v128.load(DECODED), i8x16.splat(<i8>min(rest, 12))));
    const more = max(0, rest - 12);
    if (hasZeros ? !mayBeText(more, count) : (readable + more) * 10 < count * 9) return false;
    from += 16;
  }
  return true;
}

function isEarly(chars: v128): v128 {
  return i8x16.lt_u(i8x16.sub(chars, i8x16.splat(65)), i8x16.splat(4));
}

// What each character of either alphabet stands for.
function valuesOf(chars: v128): v128 {
  const high = v128.and(i16x8.shr_u(chars, 4), i8x16.splat(15));
  const values = i8x16.add(chars, i8x16.swizzle(v128.load(OFFSETS), high));
  const last = v128.or(i8x16.eq(chars, i8x16.splat(47)), i8x16.eq(chars, i8x16.splat(95)));
  const dash = i8x16.eq(chars, i8x16.splat(45));
  // 47 and 95 are 63, 43 is 62 by its offset, and so is 45 with two less.
  return v128.bitselect(i8x16.splat(63), i8x16.add(values, v128.and(dash, i8x16.splat(-2))), last);
}

function take(bytes: v128, inside: v128): void {
  const printed = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(32)), i8x16.splat(95));
  const spaces = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(9)), i8x16.splat(5));
  const wide = i8x16.ge_u(bytes, i8x16.splat(<i8>0xc2));
  readable += popcnt(i8x16.bitmask(v128.and(v128.or(v128.or(printed, spaces), wide), inside)));
  zeros += popcnt(i8x16.bitmask(v128.and(i8x16.eq(bytes, i8x16.splat(0)), inside)));
}

function isHexText(start: i32, end: i32): bool {
  const count = min((end - start) >> 1, HEAD);
  readable = 0;
  zeros = 0;
  for (let seen = 0; seen < count; seen++) {
    const high = load<u8>(view.text + start + seen * 2);
    const low = load<u8>(view.text + start + seen * 2 + 1);
    if (!isHex(high) || !isHex(low)) return false;
    const byte = (<u32>hexValue(high) << 4) | hexValue(low);
    if (byte === 0) zeros++;
    else if ((byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13) || byte >= 0xc2) readable++;
    if (!mayBeText(count - seen - 1, count)) return false;
  }
  return true;
}
