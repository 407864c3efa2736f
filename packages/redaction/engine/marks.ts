// Values that redaction, or somebody before it, has dealt with already.

import { MARKS_MARKER, MARKS_PSEUDONYM } from "./generated/patterns";
import { end, matchAt } from "./match";
import { isDigit, isSpace } from "./ascii";

/** The length of the marker or pseudonym that stands at `index` of the text; 0 for none. */
export function markerAt(address: usize, size: i32, index: i32): i32 {
  if (<u32>index >= <u32>size) return 0;
  const byte = load<u8>(address + index);
  if (byte === 91) return matchAt(MARKS_MARKER, address, size, index) ? end(0) - index : 0;
  if (byte === 112) return matchAt(MARKS_PSEUDONYM, address, size, index) ? end(0) - index : 0;
  return 0;
}

/** Whether the text is one that redaction wrote. */
export function isMarker(address: usize, size: i32): bool {
  return size > 0 && markerAt(address, size, 0) === size;
}

/** Whether somebody has masked it already: `411111******1111`, `****6789`, `xxxxx`. */
export function isMasked(address: usize, size: i32): bool {
  let masks = 0;
  let run = 0;
  let longest = 0;
  let digits = 0;
  for (let at = 0; at < size; at++) {
    const byte = load<u8>(address + at);
    if (byte === 42 || (byte | 32) === 120 || byte === 35) {
      masks++;
      run++;
      if (run > longest) longest = run;
      continue;
    }
    run = 0;
    if (isDigit(byte)) {
      if (++digits > 10) return false;
    } else if (!isSpace(byte) && byte !== 46 && byte !== 45 && byte !== 95 && byte !== 47) {
      return false;
    }
  }
  return masks >= 3 && (digits === 0 || longest >= 3);
}
