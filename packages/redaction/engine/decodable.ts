// Whether what looks like base64 or hexadecimal can be text once it is decoded.

import { hexValue, isDigit, isHex, isLetter } from "./ascii";
import * as view from "./view";

// As encoded.ts has them.
const HEAD: i32 = 32;
const LEAST_TOKEN: i32 = 14;
const LEAST_HEX: i32 = 24;
const LEAST_BYTES: i32 = 8;

let readable: i32 = 0;
let zeros: i32 = 0;

/** Whether the token from `from` to `to`, or a part of it, may be decoded to text. */
export function mayDecode(from: i32, to: i32): bool {
  const isPrefixed = load<u8>(view.text + from) === 48 && load<u8>(view.text + from + 1) === 120;
  const start = isPrefixed ? from + 2 : from;
  if (isBase64Text(start, to)) return true;
  if (to - start >= LEAST_HEX && isHexText(start, to)) return true;
  let part = start;
  for (let at = start; at < to; at += 16) {
    const chunk = v128.load(view.text + at);
    let ends = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(chunk, i8x16.splat(45)), i8x16.eq(chunk, i8x16.splat(47))),
        i8x16.eq(chunk, i8x16.splat(95)),
      ),
    );
    for (; ends !== 0; ends &= ends - 1) {
      const end = at + ctz(ends);
      if (end >= to) break;
      if (end - part >= LEAST_TOKEN && isBase64Text(part, end)) return true;
      part = end + 1;
    }
  }
  return part > start && to - part >= LEAST_TOKEN && isBase64Text(part, to);
}

// Counts a byte; false when no more of them can make a text of `count` bytes.
function takes(byte: u32, seen: i32, count: i32): bool {
  if (byte === 0) zeros++;
  else if ((byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13) || byte >= 0xc2) readable++;
  const rest = count - seen;
  return (readable + rest) * 10 >= count * 9 || (zeros + rest) * 3 > count;
}

function isBase64Text(start: i32, end: i32): bool {
  const bytes = ((end - start) * 6) >> 3;
  if (bytes < LEAST_BYTES) return false;
  const count = min(bytes, HEAD);
  // The characters in which the bytes that are looked at begin.
  if (isProse(start, start + (count / 3) * 4 + (count % 3), count)) return false;
  readable = 0;
  zeros = 0;
  let seen = 0;
  for (let at = start; seen < count; at += 4) {
    const group =
      (valueAt(at, end) << 18) | (valueAt(at + 1, end) << 12) | (valueAt(at + 2, end) << 6) | valueAt(at + 3, end);
    if (!takes(group >> 16, ++seen, count)) return false;
    if (seen < count && !takes((group >> 8) & 0xff, ++seen, count)) return false;
    if (seen < count && !takes(group & 0xff, ++seen, count)) return false;
  }
  return true;
}

// Words are soon told from base64: of a group of four, a letter from g to v in the first place makes a byte that no text
// has, as do a, b and o to r in the second and a, e, i, m, q, u, y in the third. A byte of zero needs one of A to D.
function isProse(start: i32, end: i32, count: i32): bool {
  let broken = 0;
  let early = 0;
  for (let at = start; at < end; at += 16) {
    const inside = end - at >= 16 ? 0xffff : (1 << (end - at)) - 1;
    const chunk = v128.load(view.text + at);
    const lower = i8x16.sub(chunk, i8x16.splat(97));
    const one = i8x16.lt_u(i8x16.sub(chunk, i8x16.splat(103)), i8x16.splat(16));
    const two = v128.or(
      i8x16.lt_u(lower, i8x16.splat(2)),
      i8x16.lt_u(i8x16.sub(chunk, i8x16.splat(111)), i8x16.splat(4)),
    );
    const three = v128.and(
      i8x16.lt_u(lower, i8x16.splat(26)),
      i8x16.eq(v128.and(lower, i8x16.splat(3)), i8x16.splat(0)),
    );
    const upper = i8x16.lt_u(i8x16.sub(chunk, i8x16.splat(65)), i8x16.splat(4));
    broken += popcnt(i8x16.bitmask(one) & inside & 0x1111);
    broken += popcnt(i8x16.bitmask(two) & inside & 0x2222);
    broken += popcnt(i8x16.bitmask(three) & inside & 0x4444);
    early += popcnt(i8x16.bitmask(upper) & inside);
  }
  // The last byte may be zero by the character after it.
  return broken * 10 > count && (early + 1) * 3 <= count;
}

function valueAt(at: i32, end: i32): u32 {
  if (at >= end) return 0;
  const byte = load<u8>(view.text + at);
  if (isLetter(byte)) return byte > 96 ? <u32>byte - 71 : <u32>byte - 65;
  if (isDigit(byte)) return <u32>byte + 4;
  return byte === 43 || byte === 45 ? 62 : 63;
}

function isHexText(start: i32, end: i32): bool {
  const count = min((end - start) >> 1, HEAD);
  readable = 0;
  zeros = 0;
  for (let seen = 0; seen < count; seen++) {
    const high = load<u8>(view.text + start + seen * 2);
    const low = load<u8>(view.text + start + seen * 2 + 1);
    if (!isHex(high) || !isHex(low)) return false;
    if (!takes((<u32>hexValue(high) << 4) | hexValue(low), seen + 1, count)) return false;
  }
  return true;
}
