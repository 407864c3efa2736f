// Methods, states, currencies: short texts of letters, lines and dots alone. Only a word that a pattern begins with can
// make one of them something to look at.

import { all, lettersOf } from "./lanes";
import { isSought } from "./starts";

// From fourteen on letters may be base64.
const LONGEST: i32 = 13;

/** Whether no detector can find anything in the text; false when that is not known. */
export function isPlain(address: usize, size: i32): bool {
  if (size > LONGEST) return false;
  const chars = v128.load(address);
  const letters = i8x16.bitmask(lettersOf(chars));
  const lines = i8x16.bitmask(v128.or(i8x16.eq(chars, all(95)), i8x16.eq(chars, all(46))));
  const inside = (1 << size) - 1;
  if ((~(letters | lines) & inside) !== 0) return false;
  for (let left = letters & ~(letters << 1) & inside; left !== 0; left &= left - 1)
    if (isSought(address + <usize>ctz(left))) return false;
  return true;
}
