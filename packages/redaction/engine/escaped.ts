// Whether a text has anything that escapes.ts would decode; most have not, and are read where they lie.

import { isLetter } from "./ascii";
import { all } from "./lanes";
import { isUpperHexAt } from "./word";

// A bit is in both tables for the low and the high half of each of its characters: 1 zero, 2 ANSI's escape, 4 %, 8 \,
// 16 what is not ASCII, 32 &, 64 =.
const LOW: usize = memory.data<u8>(
  [0x11, 0x10, 0x10, 0x10, 0x10, 0x14, 0x30, 0x10, 0x10, 0x10, 0x10, 0x12, 0x18, 0x50, 0x10, 0x10],
  16,
);
const HIGH: usize = memory.data<u8>([1, 2, 0x24, 0x40, 0, 8, 0, 0, 16, 16, 16, 16, 16, 16, 16, 16], 16);
const PLACES: usize = memory.data<i8>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 16);
const ESCAPES: i8 = 31;
const AMPERSAND: i8 = 32;
const EQUALS: i8 = 64;
const LONGEST_NAME: i32 = 8;

/** Whether decoding may change the text. */
export function isEscaped(address: usize, bytes: i32): bool {
  let kinds = i64x2.splat(0);
  let at = 0;
  for (; at + 16 <= bytes; at += 16) kinds = v128.or(kinds, kindsAt(address + at));
  if (at < bytes) {
    const inside = i8x16.lt_s(v128.load(PLACES), i8x16.splat(<i8>(bytes - at)));
    kinds = v128.or(kinds, v128.and(kindsAt(address + at), inside));
  }
  if (!v128.any_true(kinds)) return false;
  if (v128.any_true(v128.and(kinds, i8x16.splat(ESCAPES)))) return true;
  if (v128.any_true(v128.and(kinds, i8x16.splat(AMPERSAND))) && hasEntity(address, bytes)) return true;
  return v128.any_true(v128.and(kinds, i8x16.splat(EQUALS))) && isQuotedPrintable(address, bytes);
}

function kindsAt(address: usize): v128 {
  const chunk = v128.load(address);
  return v128.and(
    i8x16.swizzle(v128.load(LOW), v128.and(chunk, all(15))),
    i8x16.swizzle(v128.load(HIGH), v128.and(i16x8.shr_u(chunk, 4), all(15))),
  );
}

// &#52; or a name, which a semicolon ends: in a query string an ampersand is only that.
function hasEntity(address: usize, bytes: i32): bool {
  if (!hasSemicolon(address, bytes)) return false;
  for (let at = 0; at < bytes; at++) {
    if (load<u8>(address + at) !== 38) continue;
    let end = at + 1;
    if (end < bytes && load<u8>(address + end) === 35) return true;
    while (end < bytes && end - at <= LONGEST_NAME && isLetter(load<u8>(address + end))) end++;
    if (end < bytes && load<u8>(address + end) === 59) return true;
  }
  return false;
}

// A semicolon, or a number sign, after which none is needed.
function hasSemicolon(address: usize, bytes: i32): bool {
  let marks = i64x2.splat(0);
  for (let at = 0; at < bytes; at += 16) {
    const chunk = v128.load(address + at);
    marks = v128.or(marks, v128.or(i8x16.eq(chunk, all(59)), i8x16.eq(chunk, all(35))));
  }
  return v128.any_true(marks);
}

// A run of four at least: one `=41` is a value.
function isQuotedPrintable(address: usize, bytes: i32): bool {
  for (let at = 0; at + 12 <= bytes; at += 16) {
    const first = v128.and(equalsAt(address + at), equalsAt(address + at + 3));
    const last = v128.and(equalsAt(address + at + 6), equalsAt(address + at + 9));
    let runs = i8x16.bitmask(v128.and(first, last));
    for (; runs !== 0; runs &= runs - 1) {
      const start = at + ctz(runs);
      if (start + 12 <= bytes && isQuotedRun(address + start)) return true;
    }
  }
  return false;
}

function equalsAt(address: usize): v128 {
  return i8x16.eq(v128.load(address), all(61));
}

function isQuotedRun(address: usize): bool {
  return (
    isUpperHexAt(address + 1) &&
    isUpperHexAt(address + 4) &&
    isUpperHexAt(address + 7) &&
    isUpperHexAt(address + 10)
  );
}
