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
    if (load<u32>(FOLDS + ((<usize>middle) << 2)) >> 10 <= point) low = middle;
    else high = middle;
  }
  const run = load<u32>(FOLDS + ((<usize>low) << 2));
  return (run & 0xff) + ((run >> 9) & 1) * (point - (run >> 10));
}

/**
 * Length in bytes << 24 and code point of the UTF-8 sequence at `address`. What is invalid is U+FFFD, as long as
 * decoders in browsers and Node have it (WHATWG: the longest beginning of a sequence).
 */
export function pointAt(address: usize, left: i32): u32 {
  const first = <u32>load<u8>(address);
  if (first < 0x80) return (1 << 24) | first;
  if (first < 0xc2 || first > 0xf4) return (1 << 24) | INVALID;
  const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  let point = first & (<u32>0x3f >> more);
  let lowest: u32 = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  let highest: u32 = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let index = 1; index <= more; index++) {
    const next = index < left ? <u32>load<u8>(address + index) : 0;
    if (next < lowest || next > highest) return ((<u32>index) << 24) | INVALID;
    point = (point << 6) | (next & 0x3f);
    lowest = 0x80;
    highest = 0xbf;
  }
  return ((<u32>(more + 1)) << 24) | point;
}

const INVALID: u32 = 0xfffd;
