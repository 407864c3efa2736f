// Phone numbers: international ones by their form, African mobile ones without the plus too.

import { isAlphanumeric, isDigit, isLetter } from "./ascii";
import { BY_PHONE, MARK_PHONE, PII } from "./codes";
import { codeBeforeTrunk } from "./e164";
import {
  PHONE_AMERICAN,
  PHONE_BARE,
  PHONE_COORDINATE,
  PHONE_GROUPED,
  PHONE_INTERNATIONAL,
  PHONE_LOCAL,
  PHONE_NATIONAL,
  PHONE_OTHER,
  PHONE_POD,
  PHONE_REGISTRY,
  PHONE_WORD,
} from "./generated/patterns";
import { end as endOf, matchAt, search, start as startOf } from "./match";
import { rewind, seek, seekFrom } from "./seek";
import { add } from "./spans";
import { mostDigits } from "./clusters";
import * as view from "./view";

const MOST_DIGITS: i32 = 24;
// Digits of the shortest number with a plus, and without.
const LEAST: i32 = 8;
const LEAST_NATIONAL: i32 = 10;
// Country codes of two digits; those of 1 and 7 have one, the others three (ITU-T E.164).
const TWO_DIGIT_CODES: string =
  "2027303132333436394041434445464748495152535455565758606162636465668182848690919293949598";
// Digits as they are read, and without a trunk zero.
const read: usize = memory.data(80, 8);
const stripped: usize = memory.data(80, 8);
let readSize: i32 = 0;

export function findPhone(): void {
  if (mostDigits < LEAST) return;
  findInternational();
  findNational();
  for (rewind(LEAST_NATIONAL, 1); seek(PHONE_AMERICAN);) {
    addPhone(startOf(0), endOf(0));
  }
}

function addPhone(start: i32, end: i32): void {
  add(start, end, PII, MARK_PHONE, BY_PHONE, false);
}

function isNamed(start: i32): bool {
  view.before(start, 40);
  return search(PHONE_WORD, view.beforeText, view.beforeLength, 0);
}

function findInternational(): void {
  for (rewind(LEAST, 3); seek(PHONE_INTERNATIONAL);) {
    const start = startOf(0);
    const at = endOf(0);
    const isPlus = view.at(start) === 43;
    const named = isNamed(start);
    if (!isPlus && !named) continue;
    if (!named && matchAt(PHONE_COORDINATE, view.text + start, at - start, 0)) continue;
    const end = endOfInternational(start, at, named);
    if (end === 0) continue;
    const right = view.at(end);
    if ((isLetter(right) || right === 95 || right === 42) && !named) continue;
    addPhone(start, end);
  }
}

// A date or another number may follow after a space: the longest part that is a number counts.
function endOfInternational(start: i32, limit: i32, named: bool): i32 {
  for (let end = limit; end - start > 7; end--) {
    if (!isDigit(view.at(end - 1)) || (end < limit && isDigit(view.at(end)))) continue;
    readDigits(start, end);
    if (isInternational(isSeparated(start, end), named)) return end;
  }
  return 0;
}

function isSeparated(start: i32, end: i32): bool {
  for (let at = start; at < end; at++) {
    const byte = view.at(at);
    if (byte === 32 || byte === 40 || byte === 41 || (byte >= 45 && byte <= 47)) return true;
  }
  return false;
}

// The digits without a trunk zero in brackets and without 00, which dials out.
function readDigits(start: i32, end: i32): void {
  let count = 0;
  let isTrunkSeen = false;
  for (let at = start; at < end && count < 64; at++) {
    const byte = view.at(at);
    if (!isDigit(byte)) continue;
    if (
      byte === 48 &&
      !isTrunkSeen &&
      view.at(at - 1) === 40 &&
      view.at(at + 1) === 41 &&
      at + 1 < end &&
      at > start
    ) {
      isTrunkSeen = true;
      continue;
    }
    store<u8>(read + count++, byte);
  }
  if (count > 1 && load<u16>(read) === 0x3030) {
    count -= 2;
    memory.copy(read, read + 2, count);
  }
  readSize = count;
}

function isInternational(separated: bool, named: bool): bool {
  const first = load<u8>(read);
  if (first === 49) return readSize === 11 && load<u8>(read, 1) >= 50;
  if (first === 55) return readSize === 11;
  const code = hasTwoDigitCode(first, load<u8>(read, 1)) ? 2 : 3;
  const least = named || separated ? 6 : 7;
  return readSize <= 15 && readSize - code >= least;
}

function hasTwoDigitCode(first: u8, second: u8): bool {
  for (let index = 0; index < TWO_DIGIT_CODES.length; index += 2)
    if (
      TWO_DIGIT_CODES.charCodeAt(index) === first &&
      TWO_DIGIT_CODES.charCodeAt(index + 1) === second
    )
      return true;
  return false;
}

function findNational(): void {
  for (rewind(LEAST_NATIONAL, 1); seek(PHONE_NATIONAL);) {
    const start = startOf(0);
    const from = view.at(start) === 40 ? start + 1 : start;
    const end = endOfNational(from);
    if (end === 0 || isContinued(start)) continue;
    addPhone(from, end);
    seekFrom(end);
  }
}

// The rest of an address, a version or an amount.
function isContinued(start: i32): bool {
  const mark = view.at(start - 1);
  return (mark === 44 || (mark >= 45 && mark <= 47)) && isDigit(view.at(start - 2));
}

// Extends over grouped digits as far as they are a number; 0 when they are none.
function endOfNational(start: i32): i32 {
  let count = 0;
  let end = 0;
  for (let at = start; at < view.length && at - start < MOST_DIGITS; at++) {
    const byte = view.at(at);
    const next = view.at(at + 1);
    if (isDigit(byte)) {
      store<u8>(read + count++, byte);
      if (isAlphanumeric(next) || next === 42) continue;
      if ((next === 46 || next === 44) && isDigit(view.at(at + 2))) continue;
      if (isNational(start, count, at + 1)) end = at + 1;
      continue;
    }
    const isGap = byte === 32 || byte === 45 || byte === 40 || byte === 41;
    const isFollowed = isDigit(next) || next === 40 || next === 41 || next === 32;
    if (!isGap || !isFollowed) break;
  }
  return end;
}

// Whether the first digits that were read, up to `end`, are a whole number.
function isNational(start: i32, count: i32, end: i32): bool {
  if (matchAt(PHONE_BARE, read, count, 0) || isBareWithTrunk(count))
    return !isOther(start) && !matchAt(PHONE_REGISTRY, view.text, view.length, end);
  if (!matchAt(PHONE_LOCAL, read, count, 0) || isInPod(start, end)) return false;
  if (matchAt(PHONE_GROUPED, view.text + start, end - start, 0)) return !isContinued(start);
  return isNamed(start) && !isOther(start);
}

// A word just before it says what it is instead.
function isOther(start: i32): bool {
  view.before(start, 40);
  return search(PHONE_OTHER, view.beforeText, view.beforeLength, 0);
}

function isInPod(start: i32, end: i32): bool {
  return view.at(start - 1) === 45 && matchAt(PHONE_POD, view.text, view.length, end);
}

function isBareWithTrunk(count: i32): bool {
  const code = codeBeforeTrunk(read, count);
  if (code === 0) return false;
  memory.copy(stripped, read, code);
  memory.copy(stripped + code, read + code + 1, count - code - 1);
  return matchAt(PHONE_BARE, stripped, count - 1, 0);
}
