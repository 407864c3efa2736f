// Values that redaction, or somebody before it, has dealt with already.

/** The length of the marker or pseudonym that stands at `index` of the text; 0 for none. */
export function markerAt(address: usize, size: i32, index: i32): i32 {
  return 0;
}

/** Whether the text is one that redaction wrote. */
export function isMarker(address: usize, size: i32): bool {
  return size > 0 && markerAt(address, size, 0) === size;
}

/** Whether somebody has masked it already: `411111******1111`, `****6789`, `xxxxx`. */
export function isMasked(address: usize, size: i32): bool {
  return false;
}
