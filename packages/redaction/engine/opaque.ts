// Whether a value looks made by a machine.

import { JUDGE_CAMEL } from "./generated/patterns";
import { matchAt } from "./match";
import { isDigit, isLetter, isSpace } from "./ascii";

/** A word or a phrase is not; `abc123`, a digest or a long mixed string is. */
export function isOpaque(address: usize, size: i32, least: i32): bool {
  if (size < least) return false;
  let digits = 0;
  let upper = 0;
  let lower = 0;
  let joints = 0;
  for (let at = 0; at < size; at++) {
    const byte = load<u8>(address + at);
    if (isSpace(byte)) return false;
    if (isDigit(byte)) digits++;
    else if (isLetter(byte)) {
      if (byte > 96) lower++;
      else upper++;
    } else if (byte === 45 || byte === 95 || byte === 46) joints++;
  }
  if (digits > 0 && upper + lower > 0) return true;
  if (digits === size && size > 0) return size >= max(least, 6);
  if (size >= 16 && lower > 0 && upper > 0 && !matchAt(JUDGE_CAMEL, address, size, 0)) return true;
  return size >= 24 && joints === 0;
}
