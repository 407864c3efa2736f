// Data of a chip in hexadecimal: tags, lengths and values (ISO/IEC 7816-4, EMV book 3 annex A). A text is one only when
// all of it can be read as known tags, which a digest or an id is not.

import { hexValue, isAlphanumeric, isHex } from "./ascii";
import * as view from "./view";

const LEAST: i32 = 20;
const DEEPEST: i32 = 4;

// Track 1 and 2, card number, PIN data, discretionary data of both tracks, track 2 of contactless cards.
const SENSITIVE: usize = memory.data<u16>([0x56, 0x57, 0x5a, 0x99, 0x9f1f, 0x9f20, 0x9f6b, 0]);
// One bit for each tag of one byte that terminals and hosts exchange, from 0x40.
const KNOWN: usize = memory.data<u8>([
  // 42 4f 50 56 57 5a 5b 5c 5d
  0x04, 0x80, 0xc1, 0x3c,
  // 61 6f 70 71 72 73 77
  0x02, 0x80, 0x8f, 0x00,
  // 80 to 84, 86 to 8f, 90 to 95, 97 to 9d
  0xdf, 0xff, 0xbf, 0x3f,
  // a5, bf with a second byte is not here
  0x20, 0x00, 0x00, 0x00,
]);

let place: i32 = 0;
let isSensitive: bool = false;

/** The end of the chip data that begins at `from`, when it has what must never be kept; 0 for anything else. */
export function endOfChipData(from: i32): i32 {
  if (isAlphanumeric(view.at(from - 1))) return 0;
  let to = from;
  while (isHex(view.at(to))) to++;
  const size = to - from;
  if (size < LEAST || (size & 1) !== 0 || isAlphanumeric(view.at(to))) return 0;
  place = from;
  isSensitive = false;
  return readAll(to, 0) && isSensitive ? to : 0;
}

function byteAt(at: i32): u32 {
  return ((<u32>hexValue(view.at(at))) << 4) | <u32>hexValue(view.at(at + 1));
}

// Reads tags up to `to`; false when they do not end there.
function readAll(to: i32, depth: i32): bool {
  while (place < to) {
    const first = byteAt(place);
    let tag = first;
    place += 2;
    if ((first & 0x1f) === 0x1f) {
      if (place >= to) return false;
      tag = (first << 8) | byteAt(place);
      place += 2;
    }
    if (!isKnown(tag) || place >= to) return false;
    let length = <i32>byteAt(place);
    place += 2;
    if (length === 0x81 && place < to) {
      length = <i32>byteAt(place);
      place += 2;
    } else if (length > 0x7f) return false;
    const end = place + length * 2;
    if (end > to) return false;
    if (length > 0) mark(tag);
    const isConstructed = (first & 0x20) !== 0;
    if (!isConstructed) place = end;
    else if (depth === DEEPEST || !readAll(end, depth + 1)) return false;
  }
  return place === to;
}

function isKnown(tag: u32): bool {
  if (tag > 0xff) {
    const first = tag >> 8;
    const second = tag & 0xff;
    if (first === 0x5f) return second >= 0x20 && second <= 0x57;
    return (first === 0x9f || first === 0xbf || first === 0xdf) && second > 0 && second < 0x80;
  }
  if (tag < 0x40 || tag > 0xbf) return false;
  return ((load<u8>(KNOWN + ((tag - 0x40) >> 3)) >> <u8>(tag & 7)) & 1) !== 0;
}

function mark(tag: u32): void {
  for (let entry: usize = 0; load<u16>(SENSITIVE + entry) !== 0; entry += 2)
    if (<u32>load<u16>(SENSITIVE + entry) === tag) isSensitive = true;
}
