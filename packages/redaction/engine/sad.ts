// Sensitive authentication data by shape: tracks, chip tags, PIN blocks, and codes beside a card number.

import { digitsOf, isAlphanumeric, isDigit, isHex, isLetter } from "./ascii";
import { endOfChipData } from "./chip";
import { clusterCount, clusterDigitsAt, clusterEndAt, clusterStartAt } from "./clusters";
import { BY_EMV, BY_PIN_BLOCK, BY_TRACK, BY_TRAILING_CODE, MARK_SAD, PCI_SAD } from "./codes";
import {
  TRACK_CHIP,
  TRACK_MESSAGE,
  TRACK_ONE,
  TRACK_PIN_BLOCK,
  TRACK_PIN_DATA,
  TRACK_PIN_FIELD,
  TRACK_TAG,
  TRACK_THREE,
  TRACK_TWO,
  TRAILING_CODE_AFTER,
  TRAILING_CODE_AHEAD,
  TRAILING_CODE_BETWEEN,
  TRAILING_CODE_MEMBER,
} from "./generated/patterns";
import { isCard } from "./iin";
import { end, matchAt, search, searchWithin, start } from "./match";
import { mayMatch } from "./prefilter";
import { add } from "./spans";
import * as view from "./view";

// Digits of the shortest card number.
const LEAST: i32 = 12;
// Letters and digits of a message before its card number: ISO and a header, its type, two bitmaps.
const LONGEST_HEAD: i32 = 64;
const FARTHEST_CODE: i32 = 140;
// Before it no more chip data is looked for.
let chipFloor: i32 = 0;
const digits: usize = memory.data(32, 8);

function addSad(from: i32, to: i32, detector: u8): void {
  add(from, to, PCI_SAD, MARK_SAD, detector, false);
}

/** Tracks one to three, the PIN block of field 52, and the card number on a chip. */
export function findTrack(): void {
  findPinBlock(TRACK_PIN_BLOCK);
  findPinBlock(TRACK_PIN_FIELD);
  chipFloor = 0;
  for (
    let at = 0;
    mayMatch(TRACK_PIN_DATA) && search(TRACK_PIN_DATA, view.text, view.length, at);
  ) {
    at = end(0);
    findChipData(start(0));
  }
  chipFloor = 0;
  for (let index = 0; index < clusterCount; index++) {
    if (clusterDigitsAt(index) < LEAST) continue;
    const from = clusterStartAt(index);
    findTracks(from, clusterEndAt(index));
    findChipData(from);
    findMessage(from);
    // Tags end with A or B, and so does the longest length.
    const left = view.at(from - 1) | 32;
    if (left !== 97 && left !== 98) continue;
    for (let at = max(0, from - 6); searchWithin(TRACK_CHIP, view.text, view.length, at, from);) {
      at = end(0);
      chip();
    }
  }
}

function findPinBlock(pattern: i32): void {
  if (!mayMatch(pattern)) return;
  for (let at = 0; search(pattern, view.text, view.length, at);) {
    at = end(0);
    addSad(start(1), end(1), BY_PIN_BLOCK);
  }
}

// A message of ISO 8583 around a place. All of it goes: what else is in it is of the same payment.
function findMessage(at: i32): void {
  let from = at;
  while (at - from < LONGEST_HEAD && isAlphanumeric(view.at(from - 1))) from--;
  if (!matchAt(TRACK_MESSAGE, view.text, view.length, from)) return;
  const size = twoDigits(start(1));
  if (size <= end(2) - start(2) && isCard(view.text + start(2), size)) addSad(from, end(0), BY_TRACK);
}

function twoDigits(at: i32): i32 {
  return (<i32>view.at(at) - 48) * 10 + <i32>view.at(at + 1) - 48;
}

// All of the chip data around a place.
function findChipData(at: i32): void {
  if (at < chipFloor) return;
  let from = at;
  while (from > chipFloor && isHex(view.at(from - 1))) from--;
  chipFloor = at + 1;
  while (isHex(view.at(chipFloor))) chipFloor++;
  const to = endOfChipData(from);
  if (to > 0) addSad(from, to, BY_EMV);
}

// What follows the digits of a number says which track it may be.
function findTracks(from: i32, to: i32): void {
  for (let at = from; at < to; at++) {
    const begin = at;
    while (isDigit(view.at(at))) at++;
    if (at - begin < LEAST) continue;
    const mark = view.at(at);
    if (mark === 94) at = trackOne(begin, at);
    else if (mark === 61 || (mark | 32) === 100) at = trackTwo(begin, at);
  }
}

function trackOne(begin: i32, to: i32): i32 {
  const from = max(0, begin - 2);
  if (!searchWithin(TRACK_ONE, view.text, view.length, from, to)) return to;
  addSad(start(0), end(0), BY_TRACK);
  return end(0);
}

function trackTwo(begin: i32, to: i32): i32 {
  if (view.at(begin - 1) === 59 && matchAt(TRACK_THREE, view.text, view.length, begin - 1)) {
    const isFramed = view.at(end(0) - 1) === 63;
    if (isFramed || isCard(view.text + start(2), end(2) - start(2)))
      addSad(start(0), end(0), BY_TRACK);
  }
  if (!searchWithin(TRACK_TWO, view.text, view.length, max(0, begin - 1), to)) return to;
  const from = start(0);
  const last = end(0);
  const left = end(1);
  const size = numberBefore(start(1), left);
  const isFramed = view.at(from) === 59 && view.at(last - 1) === 63;
  if (isFramed) addSad(from, last, BY_TRACK);
  else if (size > 0) addSad(tagStart(left - size), last, BY_TRACK);
  return last;
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
  for (let index = 0; index < clusterCount; index++) {
    if (!mayHaveCode(index)) continue;
    findCode(TRAILING_CODE_AFTER, clusterStartAt(index), clusterEndAt(index));
    findCode(TRAILING_CODE_BETWEEN, clusterStartAt(index), clusterEndAt(index));
  }
}

// Enough digits for a number, an expiry and a code, or for a number before the word that names the expiry.
function mayHaveCode(index: i32): bool {
  const digits = clusterDigitsAt(index);
  if (digits >= LEAST + 6) return true;
  if (digits < LEAST) return false;
  let at = clusterEndAt(index);
  for (const last = at + 3; at < last && !isLetter(view.at(at)); at++);
  return (view.at(at) | 32) === 101;
}

function findCode(pattern: i32, from: i32, to: i32): void {
  for (let at = from; searchWithin(pattern, view.text, view.length, at, to);) {
    at = end(0);
    const begin = start(1);
    const count = digitsOf(view.text + begin, end(1) - begin, digits, 32);
    if (isCard(digits, count)) addSad(start(2), end(2), BY_TRAILING_CODE);
  }
}

/**
 * The `code` of an object that has a card number, after it or before. Not for texts with a pair alone: a key that is glued
 * to digits is none that the prefilter knows.
 */
export function findMemberCode(): void {
  for (let index = 0; index < clusterCount; index++)
    if (clusterDigitsAt(index) >= LEAST) findMember(clusterStartAt(index), clusterEndAt(index));
}

function findMember(from: i32, to: i32): void {
  findCode(TRAILING_CODE_MEMBER, from, to);
  const floor = max(0, from - FARTHEST_CODE);
  for (let at = floor; searchWithin(TRAILING_CODE_AHEAD, view.text, view.length, at, from);) {
    at = end(0);
    const begin = start(2);
    const count = digitsOf(view.text + begin, end(2) - begin, digits, 32);
    if (isCard(digits, count)) addSad(start(1), end(1), BY_TRAILING_CODE);
  }
}
