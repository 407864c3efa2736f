// The first bytes of a pattern, which soon say that it does not begin here.

import { HEADS, SETS } from "./generated/patterns";

// No set is known of them.
const ANY: u32 = 0xffff;

/** Whether the three bytes at an address can be the first of a match. */
export function mayBegin(pattern: i32, address: usize): bool {
  const head = HEADS + (<usize>pattern << 4);
  const first = <u32>load<u16>(head, 4);
  return (
    first === ANY ||
    (has(first, load<u8>(address)) &&
      has(load<u16>(head, 6), load<u8>(address, 1)) &&
      has(load<u16>(head, 8), load<u8>(address, 2)))
  );
}

function has(set: u32, byte: u8): bool {
  return ((<u32>load<u8>(SETS + ((set >> 3) << 8) + byte) >> (set & 7)) & 1) !== 0;
}
