// The text as the detectors read it, one byte a character: every spelling of a character folded to one, with the
// place in the source that each came from. Bytes from 0x80 are explained in fold.ts.

import { reserve } from "./arena";
import { isEscaped } from "./escaped";
import { decode } from "./escapes";
import { MARKS_MARKER, MARKS_PSEUDONYM, MARKS_TAIL } from "./generated/patterns";
import { end, matchAt } from "./match";

/** What is scanned of one text. */
export const SCANNED: i32 = 65_536;

// A text, and what is decoded in it to depth two.
const LEVELS: i32 = 3;
const PADDED: usize = <usize>SCANNED + 64;
const texts: usize = reserve(LEVELS * PADDED);
const copies: usize = reserve(LEVELS * PADDED);
const startMaps: usize = reserve(LEVELS * PADDED * 4);
const endMaps: usize = reserve(LEVELS * PADDED * 4);
// Of each level that waits: text, length, source, size, whether it was decoded.
const waiting: usize = reserve(LEVELS * 20);

/** Address and number of characters of the current view. */
export let text: usize = 0;
export let length: i32 = 0;
/** The bytes that it was made of. */
export let source: usize = 0;
export let size: i32 = 0;
/** How many views wait below the current one. */
export let depth: i32 = -1;

let isDecoded: bool = false;
let starts: usize = 0;
let ends: usize = 0;

/** Makes the view of a text the current one. Only {@link SCANNED} bytes are seen. */
export function pushView(address: usize, bytes: i32): void {
  if (depth >= 0) {
    const entry = waiting + <usize>depth * 20;
    store<usize>(entry, text);
    store<i32>(entry, length, 4);
    store<usize>(entry, source, 8);
    store<i32>(entry, size, 12);
    store<i32>(entry, isDecoded, 16);
  }
  depth++;
  size = min(bytes, SCANNED);
  source = address;
  // What a detector decoded lies where it will decode the next one.
  if (depth > 0) {
    source = copies + <usize>depth * PADDED;
    memory.copy(source, address, size);
  }
  starts = startMaps + <usize>depth * PADDED * 4;
  ends = endMaps + <usize>depth * PADDED * 4;
  isDecoded = isEscaped(source, size);
  text = source;
  length = size;
  if (!isDecoded) return;
  text = texts + <usize>depth * PADDED;
  length = decode(source, size, text, starts, ends);
}

/** Makes the view below the current one. */
export function popView(): void {
  depth--;
  if (depth < 0) return;
  const entry = waiting + <usize>depth * 20;
  text = load<usize>(entry);
  length = load<i32>(entry, 4);
  source = load<usize>(entry, 8);
  size = load<i32>(entry, 12);
  isDecoded = load<i32>(entry, 16) !== 0;
  starts = startMaps + <usize>depth * PADDED * 4;
  ends = endMaps + <usize>depth * PADDED * 4;
}

/** Forgets all views. */
export function clear(): void {
  depth = -1;
}

/** The character at `index`; 0 outside the text. */
export function at(index: i32): u8 {
  return <u32>index < <u32>length ? load<u8>(text + index) : 0;
}

/** Where the character at `index` begins in the source. */
export function rawStart(index: i32): i32 {
  if (!isDecoded) return index;
  return index < length ? load<i32>(starts + (<usize>index << 2)) : size;
}

/** Where the character before `index` ends in the source. */
export function rawEnd(index: i32): i32 {
  if (!isDecoded || index <= 0) return index;
  return index <= length ? load<i32>(ends + (<usize>(index - 1) << 2)) : index;
}

/** How many characters of the source the one at `index` is written with. */
export function spelling(index: i32): i32 {
  if (!isDecoded) return 1;
  const end = rawEnd(index + 1);
  let count = 0;
  for (let at = rawStart(index); at < end; at++)
    if ((load<u8>(source + at) & 0xc0) !== 0x80) count++;
  return count;
}

/** How many strings deep a quote is: `"` is 0, `\"` 1, `\\\"` 2. */
export function quoteLevel(index: i32): i32 {
  if (!isDecoded) return 0;
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
  if (!isDecoded) return 0;
  const written = spelling(index);
  return written > 1 && load<u8>(source + rawStart(index)) === 37 ? written : 0;
}

/** The result of {@link before}. */
export const beforeText: usize = reserve(2048);
export let beforeLength: i32 = 0;

/** Lower-case words of the key that the text stands under, with spaces between them. */
let under: usize = 0;
let underLength: i32 = 0;

export function setUnder(address: usize, bytes: i32): void {
  under = address;
  underLength = min(bytes, 1024);
}

/**
 * Puts the text before `index` in lower case into `beforeText`, with the words of the key when it is near the
 * beginning. What redaction wrote is left out: `[phone]` does not say that the next number is a phone's.
 */
export function before(index: i32, most: i32): void {
  const from = max(0, index - most);
  let out = beforeText;
  if (index < most) {
    memory.copy(out, under, underLength);
    out += underLength;
    store<u8>(out++, 32);
  }
  const begin = out;
  let hasBracket = false;
  for (let place = from; place < index; place++) {
    const byte = load<u8>(text + place);
    if (byte === 91) hasBracket = true;
    if ((byte === 91 && matchAt(MARKS_MARKER, text, index, place)) || (byte === 112 && matchAt(MARKS_PSEUDONYM, text, index, place))) {
      store<u8>(out++, 91);
      store<u8>(out++, 93);
      place = end(0) - 1;
      hasBracket = true;
      continue;
    }
    store<u8>(out++, <u32>(byte - 65) < 26 ? byte | 32 : byte);
  }
  beforeLength = <i32>(out - beforeText);
  if (!hasBracket) return;
  const written = <i32>(out - begin);
  if (!matchAt(MARKS_TAIL, begin, written, 0)) return;
  const cut = end(0) - 1;
  memory.copy(begin, begin + cut, written - cut);
  beforeLength -= cut;
}
