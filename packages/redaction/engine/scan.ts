// Looks at one value: the registry and the key first, then the detectors over its view.

import { isDigit } from "./ascii";
import * as codes from "./codes";
import { detect, passes, setStatement } from "./detectors";

export { scanDecoded } from "./detectors";
import { addRest, addSpan, addWhole, cutFindings, findingCount, markerText } from "./findings";
import { JUDGE_QUANTITY, JUDGE_TRACE } from "./generated/patterns";
import { judge } from "./judge";
import { countedAs, flagsOf, isStatement, wordsLength, wordsOf } from "./keyring";
import { isMarker } from "./marks";
import { isSpent, refuel, search } from "./match";
import { narrow, narrowed, narrowedLength } from "./narrow";
import * as spans from "./spans";
import { cutTexts, offset } from "./texts";
import * as view from "./view";
import { SCANNED } from "./view";
import { equals } from "./word";

/** What a value is: `form` of an entry. */
const STRING: i32 = 0;
const NUMBER: i32 = 1;
const PLAIN: i32 = 2;
/** A string of which something was taken out already: its key's words count, but it is judged no more. */
const AGAIN: i32 = 3;

const KEEP: u32 = 1;
const REMOVE: u32 = 3;
const HASH: u32 = 5;
const NUMERIC_ID: u32 = 6;
// No identifier is longer.
const LONGEST_ID: i32 = 40;
// Kept free between what is let through and what is scanned, so that a secret across the border is seen.
const MARGIN: i32 = 1024;

/** Finds what must not leave in a value that stands under the key `id` (0: none). */
export function scanValue(entry: i32, id: i32, address: usize, size: i32, form: i32): void {
  const flags: u32 = form === PLAIN ? 0 : flagsOf(id);
  const action = (flags >> 16) & 0xff;
  if (action >= REMOVE && action <= HASH && form !== AGAIN) {
    return byRegistry(entry, flags, address, size);
  }
  if (action === NUMERIC_ID && isNumericId(address, size)) return;
  if (action === KEEP && form === NUMBER) return;
  const kind = <i32>(flags & 0xff);
  const words = form === PLAIN ? 0 : wordsLength(id);
  if (kind !== codes.KIND_NONE && form !== AGAIN) {
    if (form === NUMBER && numberOfKind(entry, kind, size)) return;
    if (form !== NUMBER || kind !== codes.KIND_NAME) {
      if (wholeValue(entry, kind, address, size)) return;
    }
  }
  if (form === NUMBER) {
    if (size < 11) return;
    // Eleven digits may be a phone number, and an amount or a size when the key says so.
    if (size < 13 && words > 0 && search(JUDGE_QUANTITY, wordsOf(id), words, 0)) return;
  }
  if (size < 3) return;
  view.setUnder(words > 0 ? wordsOf(id) : 0, words);
  setStatement(form !== PLAIN && isStatement(id));
  if (passes(address, size)) return;
  scanText(entry, address, size);
}

// Digits and dashes, which add up to a card number once in so many identifiers.
function isNumericId(address: usize, size: i32): bool {
  if (size > LONGEST_ID) return false;
  for (let at = 0; at < size; at++) {
    const byte = load<u8>(address + at);
    if (!isDigit(byte) && byte !== 45) return false;
  }
  return true;
}

// The registry names this attribute as one that must not leave, whatever its value looks like.
function byRegistry(entry: i32, flags: u32, address: usize, size: i32): void {
  const marker = flags >> 24;
  if (equals(address, size, markerText(<u8>marker)) || isMarker(address, size)) return;
  const dataClass = <u32>countedAs(<u8>(flags >> 8));
  const verdict = dataClass | (marker << 8) | ((<u32>codes.BY_REGISTRY) << 16);
  const isRemoved = ((flags >> 16) & 0xff) === REMOVE;
  addWhole(entry, size, verdict, isRemoved ? codes.DROP : codes.REPLACE, address, size);
}

// A number under the key of authentication data goes, and an identifier of tracing stays.
function numberOfKind(entry: i32, kind: i32, size: i32): bool {
  if (kind === codes.KIND_TRACE) return true;
  if (kind < codes.KIND_CVV || kind > codes.KIND_SAD) return false;
  const verdict = <u32>codes.PCI_SAD | ((<u32>codes.MARK_SAD) << 8) | ((<u32>kind) << 16);
  addWhole(entry, size, verdict, codes.DROP, 0, 0);
  return true;
}

// Whether the key decides about the value.
function wholeValue(entry: i32, kind: i32, address: usize, size: i32): bool {
  refuel(min(size, SCANNED));
  narrow(address, size);
  if (kind === codes.KIND_TRACE) return search(JUDGE_TRACE, narrowed, narrowedLength, 0);
  const verdict = judge(kind, narrowed, narrowedLength, codes.QUOTED);
  if (verdict === 0) return false;
  // Of authentication data not even the place is kept (PCI DSS 3.3.1).
  const isSad = <u8>verdict === codes.PCI_SAD;
  const action: u32 = isSad ? codes.DROP : codes.REPLACE;
  const isAscii = narrowed === address;
  addWhole(
    entry,
    size,
    verdict,
    action,
    isAscii ? narrowed : address,
    isAscii ? narrowedLength : size,
  );
  return true;
}

function scanText(entry: i32, address: usize, size: i32): void {
  const findings = findingCount();
  const text = offset();
  spans.clear();
  view.clear();
  view.pushView(address, size);
  refuel(view.length);
  if (detect()) {
    spans.merge();
    if (!isSpent && !spans.isFull) return report(entry, address, size);
  } else if (!isSpent) {
    if (size > SCANNED) report(entry, address, size);
    return;
  }
  // It could not be looked at to its end, so nothing of it is let through.
  cutFindings(findings);
  cutTexts(text);
  addRest(entry, 0, size);
}

function report(entry: i32, address: usize, size: i32): void {
  const found = spans.size();
  let cut = size;
  if (size > SCANNED) {
    cut = SCANNED - MARGIN;
    while (cut > 0 && (load<u8>(address + cut) & 0xc0) === 0x80) cut--;
    for (let index = 0; index < found; index++) {
      const start = view.rawStart(spans.startOf(index));
      if (start < cut && view.rawEnd(spans.endOf(index)) > cut) cut = start;
    }
  }
  for (let index = 0; index < found; index++) {
    if (view.rawStart(spans.startOf(index)) < cut) addSpan(entry, index);
  }
  if (cut < size) addRest(entry, cut, size);
}
