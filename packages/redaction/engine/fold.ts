// Which byte of a view stands for a code point.

import { FOLDS, RUNS } from "./generated/unicode";

/** What is not drawn has no byte. */
export const VANISHES: u32 = 0xff;
/** Any letter or digit that is not ASCII. */
export const LETTER: u8 = 0x80;
/** Any other character that is not ASCII. */
export const OTHER: u8 = 0x81;

/** The byte for a code point from 0x80. */
export function foldOf(point: u32): u32 {
  if (point > 0x10_ffff) return VANISHES;
  let low = 0;
  let high = RUNS;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (load<u32>(FOLDS + (<usize>middle << 2)) >> 10 <= point) low = middle;
    else high = middle;
  }
  const run = load<u32>(FOLDS + (<usize>low << 2));
  return (run & 0xff) + ((run >> 9) & 1) * (point - (run >> 10));
}

/** Length in bytes << 24 and code point of the UTF-8 sequence at `address`; 1 and OTHER's stand-in for an invalid one. */
export function pointAt(address: usize, left: i32): u32 {
  const first = <u32>load<u8>(address);
  if (first < 0x80) return (1 << 24) | first;
  const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || left <= more) return INVALID;
  let point = first & (<u32>0x3f >> more);
  for (let index = 1; index <= more; index++) {
    const next = <u32>load<u8>(address + index);
    if ((next & 0xc0) !== 0x80) return INVALID;
    point = (point << 6) | (next & 0x3f);
  }
  const least: u32 = more === 1 ? 0x80 : more === 2 ? 0x800 : 0x1_0000;
  if (point < least || point > 0x10_ffff || (point >= 0xd800 && point < 0xe000)) return INVALID;
  return (<u32>(more + 1) << 24) | point;
}

// U+FFFD: neither letter nor digit.
const INVALID: u32 = (1 << 24) | 0xfffd;
