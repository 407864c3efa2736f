// A text that is not decoded, one byte a character.

import { reserve } from "./arena";
import { foldOf, LETTER, OTHER, pointAt } from "./fold";
import { SCANNED } from "./view";

const area: usize = reserve(<usize>SCANNED + 64);

export let narrowed: usize = 0;
export let narrowedLength: i32 = 0;

/** Gives the text itself when it is ASCII, else a copy, as `narrowed`. Only the beginning of a long one is seen. */
export function narrow(address: usize, bytes: i32): void {
  const size = min(bytes, SCANNED);
  narrowed = address;
  narrowedLength = size;
  let at = 0;
  for (; at + 16 <= size; at += 16) {
    if (i8x16.bitmask(v128.load(address + at)) !== 0) break;
  }
  while (at < size && load<u8>(address + at) < 0x80) at++;
  if (at === size) return;
  memory.copy(area, address, at);
  let out = area + at;
  while (at < size) {
    const point = pointAt(address + at, size - at);
    const byte = byteOf(point & 0xff_ffff);
    store<u8>(out++, byte);
    // Two units of UTF-16, which is what lengths in the rules count.
    if ((point & 0xff_ffff) > 0xffff) store<u8>(out++, byte);
    at += <i32>(point >> 24);
  }
  narrowed = area;
  narrowedLength = <i32>(out - area);
}

function byteOf(point: u32): u8 {
  if (point < 0x80) return <u8>point;
  // A bullet masks, and a space of another kind separates.
  if (point === 0x2022) return 42;
  const folded = foldOf(point);
  if (folded === LETTER || folded === 32 || folded === 10) return <u8>folded;
  const isWord = <u32>(folded - 48) < 10 || <u32>((folded | 32) - 97) < 26;
  return isWord ? LETTER : OTHER;
}
