// Sensitive authentication data by shape: tracks, chip tags, PIN blocks, and codes beside a card number.

import { digitsOf } from "./ascii";
import { BY_EMV, BY_PIN_BLOCK, BY_TRACK, BY_TRAILING_CODE, MARK_SAD, PCI_SAD } from "./codes";
import {
  TRACK_CHIP,
  TRACK_ONE,
  TRACK_PIN_BLOCK,
  TRACK_TAG,
  TRACK_THREE,
  TRACK_TWO,
  TRAILING_CODE_AFTER,
  TRAILING_CODE_BETWEEN,
} from "./generated/patterns";
import { isCard } from "./iin";
import { end, matchAt, search, start } from "./match";
import { mayMatch } from "./prefilter";
import { rewind, seek } from "./seek";
import { add } from "./spans";
import { mostDigits } from "./clusters";
import * as view from "./view";

// Digits of the shortest card number.
const LEAST: i32 = 12;
const digits: usize = memory.data(32, 8);

function addSad(from: i32, to: i32, detector: u8): void {
  add(from, to, PCI_SAD, MARK_SAD, detector, false);
}

/** Tracks one to three, the PIN block of field 52, and the card number on a chip. */
export function findTrack(): void {
  for (
    let at = 0;
    mayMatch(TRACK_PIN_BLOCK) && search(TRACK_PIN_BLOCK, view.text, view.length, at);
  ) {
    at = end(0);
    addSad(start(1), end(1), BY_PIN_BLOCK);
  }
  if (mostDigits < LEAST) return;
  for (rewind(LEAST, 2); seek(TRACK_ONE);) addSad(start(0), end(0), BY_TRACK);
  for (rewind(LEAST, 1); seek(TRACK_TWO);) trackTwo();
  for (rewind(LEAST, 1); seek(TRACK_THREE);) {
    const isFramed = view.at(end(0) - 1) === 63;
    if (isFramed || isCard(view.text + start(2), end(2) - start(2)))
      addSad(start(0), end(0), BY_TRACK);
  }
  for (rewind(LEAST, 4); seek(TRACK_CHIP);) chip();
}

function trackTwo(): void {
  const from = start(0);
  const to = end(0);
  const left = end(1);
  const size = numberBefore(start(1), left);
  const isFramed = view.at(from) === 59 && view.at(to - 1) === 63;
  if (isFramed) addSad(from, to, BY_TRACK);
  else if (size > 0) addSad(tagStart(left - size), to, BY_TRACK);
}

// How many of the last digits are a card number; a tag and a length may be glued to its front.
function numberBefore(from: i32, to: i32): i32 {
  const size = to - from;
  if (isCard(view.text + from, size)) return size;
  if (size >= 16 && isCard(view.text + to - 16, 16)) return 16;
  for (let least = min(size, 19); least >= 12; least--)
    if (isCard(view.text + to - least, least)) return least;
  return 0;
}

function tagStart(from: i32): i32 {
  return from >= 4 && matchAt(TRACK_TAG, view.text + from - 4, 4, 0) ? from - 4 : from;
}

function chip(): void {
  const code = view.at(end(1) - 1);
  // The length counts bytes of two digits: 06 to 09 and 0A.
  const length = code <= 57 ? (code - 48) * 2 : 20;
  const from = start(2);
  const size = min(<i32>length, end(2) - from);
  // An odd number of digits is filled up.
  if (isCard(view.text + from, size) || isCard(view.text + from, size - 1))
    addSad(from, from + size, BY_EMV);
}

/** The verification code that follows a card number and its expiry with no word to name it. */
export function findTrailingCode(): void {
  if (mostDigits < LEAST) return;
  findCode(TRAILING_CODE_AFTER);
  findCode(TRAILING_CODE_BETWEEN);
}

function findCode(pattern: i32): void {
  for (rewind(LEAST, 0); seek(pattern);) {
    const from = start(1);
    const count = digitsOf(view.text + from, end(1) - from, digits, 32);
    if (isCard(digits, count)) addSad(start(2), end(2), BY_TRAILING_CODE);
  }
}
