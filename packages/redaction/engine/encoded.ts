// Base64, hexadecimal and lists of byte values that decode to something to redact.

import { hexValue, isAlphanumeric, isDigit, isHex } from "./ascii";
import { decodeBase64 } from "./base64";
import {
  BY_ENCODED,
  CREDENTIAL,
  MARK_CARD,
  MARK_CREDENTIAL,
  MARK_ID,
  MARK_REMOVED,
  MARK_SAD,
  PCI_CHD,
  PCI_SAD,
  PII,
} from "./codes";
import { reserve } from "./arena";
import { ENCODED_DARAJA } from "./generated/patterns";
import { matchAt } from "./match";
import { scanDecoded } from "./scan";
import * as view from "./view";
import { add } from "./spans";

const LEAST_TOKEN: i32 = 14;
const LEAST_HEX: i32 = 24;
const LEAST_ITEMS: i32 = 7;
const LEAST_BYTES: i32 = 8;
const HEAD: i32 = 32;
const LONGEST_DARAJA: i32 = 121;
// A byte above ASCII takes two in UTF-8. Views copy what they are made of, so one place is enough for every depth.
const bytes: usize = reserve(<usize>view.SCANNED + 64);
const written: usize = reserve(<usize>view.SCANNED * 2 + 64);

/** Base64 and hexadecimal that follow without a gap. */
export function findEncoded(): void {
  for (let at = 0; at < view.length;) {
    const start = at;
    while (isTokenByte(view.at(at))) at++;
    const end = at;
    if (end - start < LEAST_TOKEN) {
      at = end + 1;
      continue;
    }
    at = afterPadding(end);
    token(view.at(start) === 48 && view.at(start + 1) === 120 ? start + 2 : start, end, at);
  }
}

// Base64 of either alphabet, or what looks like it.
function isTokenByte(byte: u8): bool {
  return isAlphanumeric(byte) || byte === 43 || byte === 45 || byte === 47 || byte === 95;
}

function afterPadding(from: i32): i32 {
  if (view.at(from) !== 61) return from;
  return view.at(from + 1) === 61 ? from + 2 : from + 1;
}

function token(start: i32, end: i32, padded: i32): void {
  if (end === padded && end - start >= LEAST_HEX && isHexRun(start, end)) {
    if (tryText(start, end, copyHex(start, end))) return;
  }
  if (tryText(start, padded, decodeBase64(view.text + start, end - start, bytes))) return;
  // A path or an identifier in front shifts the alphabet; its parts may decode alone.
  for (let at = start; at < end; at++) {
    if (isPartEnd(view.at(at))) continue;
    const from = at;
    while (at < end && !isPartEnd(view.at(at))) at++;
    const to = at === end ? padded : at;
    if (at - from < LEAST_TOKEN || (from === start && at === end)) continue;
    tryText(from, to, decodeBase64(view.text + from, at - from, bytes));
  }
}

function isPartEnd(byte: u8): bool {
  return byte === 45 || byte === 47 || byte === 95;
}

function isHexRun(start: i32, end: i32): bool {
  for (let at = start; at < end; at++) if (!isHex(view.at(at))) return false;
  return true;
}

// Decodes the pairs of hexadecimal digits, whatever stands between them; gives how many there are.
function copyHex(start: i32, end: i32): i32 {
  let count = 0;
  let high: u8 = 0xff;
  for (let at = start; at < end; at++) {
    const byte = view.at(at);
    if (byte === 48 && view.at(at + 1) === 120) at++;
    else if (isHex(byte)) {
      if (high === 0xff) high = hexValue(byte);
      else {
        store<u8>(bytes + count++, (high << 4) | hexValue(byte));
        high = 0xff;
      }
    }
  }
  return count;
}

/** Pairs of hexadecimal digits with commas, spaces, colons or dashes between them. */
export function findDumps(): void {
  for (let at = 0; at + 23 <= view.length; at++) {
    if (!isHex(view.at(at)) || isAlphanumeric(view.at(at - 1))) continue;
    const first = view.at(at) === 48 && view.at(at + 1) === 120 ? at + 2 : at;
    if (!isHex(view.at(first)) || !isHex(view.at(first + 1))) continue;
    let end = first + 2;
    let items = 0;
    for (let next = afterItem(end); next > 0; next = afterItem(end)) {
      end = next;
      items++;
    }
    if (items < LEAST_ITEMS) continue;
    dump(at, end);
    at = end - 1;
  }
}

// After the separator and the pair at `from`; 0 when they are not there.
function afterItem(from: i32): i32 {
  const mark = view.at(from);
  let at = from + 1;
  if (mark === 44 && view.at(at) === 32) at++;
  if (mark === 44 || mark === 32) {
    if (view.at(at) === 48 && view.at(at + 1) === 120) at += 2;
  } else if (mark !== 58 && mark !== 45) return 0;
  const isPair = isHex(view.at(at)) && isHex(view.at(at + 1)) && !isAlphanumeric(view.at(at + 2));
  return isPair ? at + 2 : 0;
}

function dump(start: i32, end: i32): void {
  if (tryText(start, end, copyHex(start, end))) return;
  // Fields of a chip, written as pairs.
  let count = 0;
  for (let at = start; at < end; at++) {
    const byte = view.at(at);
    if (isHex(byte)) store<u8>(bytes + count++, byte);
    else if (byte !== 32) return;
  }
  tryScan(start, end, bytes, count);
}

/** Decimal numbers below 256 with commas between them. */
export function findLists(): void {
  for (let at = 0; at + 16 <= view.length; at++) {
    if (!isDigit(view.at(at))) continue;
    const left = view.at(at - 1);
    let end = at;
    while (isDigit(view.at(end))) end++;
    const size = end - at;
    if (size < 2 || size > 3 || left === 46 || view.at(end) !== 44) {
      at = end - 1;
      continue;
    }
    const start = at;
    let value = numberAt(at, end);
    let isBytes = value < 256;
    let count = 1;
    store<u8>(bytes, <u8>value);
    for (let next = afterNumber(end); next > 0; next = afterNumber(end)) {
      value = numberAt(end + 1, next);
      isBytes = isBytes && value < 256;
      store<u8>(bytes + count++, <u8>value);
      end = next;
    }
    at = end - 1;
    if (count > LEAST_ITEMS && isBytes) tryText(start, end, count);
  }
}

// After the comma and the number of at most three digits at `from`; 0 when they are not there.
function afterNumber(from: i32): i32 {
  if (view.at(from) !== 44) return 0;
  const start = view.at(from + 1) === 32 ? from + 2 : from + 1;
  let end = start;
  while (isDigit(view.at(end))) end++;
  return end > start && end - start <= 3 && view.at(end) !== 46 ? end : 0;
}

function numberAt(start: i32, end: i32): u32 {
  let value: u32 = 0;
  for (let at = start; at < end; at++)
    if (isDigit(view.at(at))) value = value * 10 + <u32>(view.at(at) - 48);
  return value;
}

// Looks at what was decoded, if it is text; UTF-16 too.
function tryText(start: i32, end: i32, count: i32): bool {
  if (count < LEAST_BYTES) return false;
  const head = min(count, HEAD);
  let readable = 0;
  let zeros = 0;
  for (let index = 0; index < head; index++) {
    const byte = load<u8>(bytes + index);
    if (byte === 0) zeros++;
    else if ((byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13) || byte >= 0xc2) readable++;
  }
  if (zeros * 3 > head) return tryScan(start, end, written, writeWithoutZeros(count));
  return readable * 10 >= head * 9 && tryScan(start, end, bytes, count);
}

function writeWithoutZeros(count: i32): i32 {
  let size = 0;
  for (let index = 0; index < count; index++) {
    const byte = load<u8>(bytes + index);
    if (byte === 0) continue;
    if (byte >= 0x80) {
      store<u8>(written + size++, 0xc0 | (byte >> 6));
      store<u8>(written + size++, 0x80 | (byte & 0x3f));
    } else store<u8>(written + size++, byte);
  }
  return size;
}

function tryScan(start: i32, end: i32, address: usize, size: i32): bool {
  const isDaraja = size <= LONGEST_DARAJA && matchAt(ENCODED_DARAJA, address, size, 0);
  const worst = isDaraja ? CREDENTIAL : scanDecoded(address, size);
  if (worst === 0) return false;
  add(start, end, worst, markerOf(worst), BY_ENCODED, false);
  return true;
}

function markerOf(dataClass: u8): u8 {
  if (dataClass === PCI_SAD) return MARK_SAD;
  if (dataClass === PCI_CHD) return MARK_CARD;
  if (dataClass === CREDENTIAL) return MARK_CREDENTIAL;
  return dataClass === PII ? MARK_ID : MARK_REMOVED;
}
