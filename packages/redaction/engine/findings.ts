// The rows that are given to the host.

import { regrow, reserve } from "./arena";
import { isDigit, isLetter, isSpace, lower } from "./ascii";
import {
  BY_BUDGET,
  CREDENTIAL,
  MARK_ACCOUNT,
  MARK_CARD,
  MARK_EMAIL,
  MARK_IBAN,
  MARK_ID,
  MARK_LITERAL,
  MARK_PHONE,
  MARK_REMOVED,
  MASK,
  REPLACE,
} from "./codes";
import { toE164 } from "./e164";
import * as spans from "./spans";
import { LONGEST_CANONICAL, offset, putByte, putText, textOf } from "./texts";
import * as view from "./view";
import { put } from "./word";

const ROW: usize = 32;
const LONGEST_QUOTE: i32 = 32;

let area: usize = reserve(256 * ROW);
let room: i32 = 256;
let count: i32 = 0;
const mark: usize = reserve(16);
const digits: usize = reserve(<usize>LONGEST_CANONICAL);

export function clearFindings(): void {
  count = 0;
}

export function findings(): usize {
  return area;
}

export function findingCount(): i32 {
  return count;
}

/** Takes back findings from the end. */
export function cutFindings(to: i32): void {
  count = to;
}

/** A finding with the texts that were put last: the replacement from `text`, then the canonical one from `canonical`. */
function addRow(entry: i32, start: i32, end: i32, code: u32, text: u32, canonical: u32): void {
  if (count === room) {
    area = regrow(area, <usize>count * ROW, <usize>room * 2 * ROW);
    room *= 2;
  }
  const row = area + <usize>count * ROW;
  count++;
  store<u32>(row, entry);
  store<i32>(row, start, 4);
  store<i32>(row, end, 8);
  store<u32>(row, code, 12);
  store<u32>(row, text, 16);
  store<u32>(row, canonical - text, 20);
  store<u32>(row, canonical, 24);
  store<u32>(row, offset() - canonical, 28);
}

/** A finding on a whole value; its canonical text is made of the value. */
export function addWhole(
  entry: i32,
  size: i32,
  verdict: u32,
  action: u32,
  address: usize,
  chars: i32,
): void {
  const text = offset();
  const masked = verdict >> 24 !== 0;
  const marker = <u8>(verdict >> 8);
  if (masked) {
    const canonical = putCanonical(marker, address, chars);
    const length = offset() - canonical;
    const out = offset();
    putMask(canonical, length);
    putText(textOf(canonical), length);
    addRow(entry, 0, size, codeOf(verdict, MASK), out, out + 16);
    return;
  }
  putMarker(marker);
  const canonical = offset();
  putCanonical(marker, address, chars);
  addRow(entry, 0, size, codeOf(verdict, action), text, canonical);
}

/** The rest of a value, from `start` on, was not looked at. */
export function addRest(entry: i32, start: i32, end: i32): void {
  const text = offset();
  putMarker(MARK_REMOVED);
  const verdict = <u32>CREDENTIAL | ((<u32>MARK_REMOVED) << 8) | ((<u32>BY_BUDGET) << 16);
  addRow(entry, start, end, codeOf(verdict, REPLACE), text, offset());
}

/** A finding for a span of the current view. */
export function addSpan(entry: i32, index: i32): void {
  const verdict = spans.verdictOf(index);
  const from = spans.startOf(index);
  const to = spans.endOf(index);
  const marker = <u8>(verdict >> 8);
  const isMasked = verdict >> 24 !== 0;
  // The canonical text first: a mask is made of it.
  let canonical = offset();
  const known = spans.canonicalSize(index);
  if (known < 0) putCanonical(marker, view.text + from, to - from);
  else putText(spans.canonicalOf(index), known);
  const length = <i32>(offset() - canonical);
  const quote = quoteBefore(from, to);
  const text = offset();
  if (quote >= 0)
    putText(view.source + view.rawStart(quote), view.rawEnd(quote + 1) - view.rawStart(quote));
  if (isMasked && length >= 15) putMask(canonical, length);
  else putMarker(marker);
  if (quote >= 0)
    putText(view.source + view.rawStart(quote), view.rawEnd(quote + 1) - view.rawStart(quote));
  const again = offset();
  putText(textOf(canonical), length);
  canonical = again;
  addRow(
    entry,
    view.rawStart(from),
    view.rawEnd(to),
    codeOf(verdict, isMasked ? MASK : REPLACE),
    text,
    canonical,
  );
}

function codeOf(verdict: u32, action: u32): u32 {
  return (
    (verdict & 0xff) | (action << 8) | ((verdict & 0xff00) << 8) | ((verdict & 0xff_0000) << 8)
  );
}

// A JSON number becomes a JSON string, quoted as its key is: the index of that quote, or -1.
function quoteBefore(from: i32, to: i32): i32 {
  if (!isDigit(view.at(from))) return -1;
  let at = from - 1;
  while (at >= 0 && from - at < 8 && isSpace(view.at(at))) at--;
  if (at < 1 || view.at(at) !== 58 || view.at(at - 1) !== 34) return -1;
  let after = to;
  while (after < to + 8 && isSpace(view.at(after))) after++;
  const next = view.at(after);
  if (after >= to + 8 || (next !== 44 && next !== 125 && next !== 93)) return -1;
  return view.rawEnd(at) - view.rawStart(at - 1) > LONGEST_QUOTE ? -1 : at - 1;
}

function putMarker(marker: u8): void {
  const end = put(mark, markerText(marker));
  putText(mark, <i32>(end - mark));
}

export function markerText(marker: u8): string {
  switch (marker) {
    case 2:
      return "[id]";
    case 3:
      return "[card]";
    case 4:
      return "[credential]";
    case 5:
      return "[sad]";
    case 6:
      return "[email]";
    case 7:
      return "[phone]";
    case 8:
      return "[iban]";
    case 9:
      return "[account]";
    case MARK_LITERAL:
      return "?";
    default:
      return "[removed]";
  }
}

// First six and last four, always six stars between: one format for every brand (PCI FAQ 1091).
function putMask(canonical: u32, size: i32): void {
  putText(textOf(canonical), 6);
  for (let star = 0; star < 6; star++) putByte(42);
  putText(textOf(canonical) + size - 4, 4);
}

// Puts the canonical text of a value and gives its offset; nothing is put of what is too long.
function putCanonical(marker: u8, address: usize, size: i32): u32 {
  const from = offset();
  if (marker === MARK_REMOVED || marker === 4 || marker === 5) return from;
  if (marker === MARK_PHONE) {
    if (size > LONGEST_CANONICAL) return from;
    return putText(digits, toE164(address, size, digits, LONGEST_CANONICAL));
  }
  const isNumber = marker === MARK_CARD;
  const isCode = marker === MARK_IBAN || marker === MARK_ID || marker === MARK_ACCOUNT;
  let length = 0;
  for (let at = 0; at < size; at++) {
    let byte = load<u8>(address + at);
    if (isNumber && !isDigit(byte)) continue;
    if (isCode) {
      if (byte < 0x80 && !isDigit(byte) && !isLetter(byte)) continue;
      if (isLetter(byte)) byte &= 0xdf;
    }
    if (marker === MARK_EMAIL) byte = lower(byte);
    if (length === LONGEST_CANONICAL) return from;
    store<u8>(digits + length++, byte);
  }
  return putText(digits, length);
}
