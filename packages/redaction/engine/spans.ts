// What the detectors found in the current view.

/** A stretch of the view that must go. Of a masked one, first six and last four digits are left. */
export function add(
  start: i32,
  end: i32,
  dataClass: u8,
  marker: u8,
  detector: u8,
  masked: bool,
): void {}

/** The same with class, marker, detector and mask as judge.ts packs them. */
export function addVerdict(start: i32, end: i32, verdict: u32): void {}

/**
 * The canonical text of the span added last, of which a pseudonym is made and a mask is taken.
 *
 * Without it: of a card or phone the digits of its text, of an IBAN the letters in upper case and digits, of an
 * address the text in lower case, of everything else the text.
 */
export function setCanonical(address: usize, size: i32): void {}
