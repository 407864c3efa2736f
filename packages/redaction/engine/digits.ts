// Counts digits that may be of one number, and says which detectors have to look at it.

import { isDigit, isHex, isLetter } from "./ascii";
import { IDENTITY, LISTS, PAN, PHONE, TOKEN, TRACK, TRAILING } from "./families";
import { PAN_EXPONENT, TOKEN_BOT, TOKEN_DARAJA } from "./generated/patterns";
import { setMatched } from "./starts";
import * as view from "./view";

// Characters between two digits of one number: at most so many for a card, a phone, and printed close together.
const PAN_GAP: i32 = 6;
const PHONE_GAP: i32 = 16;
const CLOSE_GAP: i32 = 2;
const FAR: i32 = 1000;
const NOWHERE: i32 = -1000;
// No number has fewer digits.
const LEAST: i32 = 8;
const LEAST_NATIONAL: i32 = 10;
const LEAST_PAN: i32 = 12;
// Digits of a card number with its expiry and code.
const LEAST_WITH_CODE: i32 = 18;

let found: u32 = 0;
let lastDigit: i32 = 0;
let lastLetter: i32 = 0;
// Digits so far: of a card, of a cluster, printed close together, of a run, and of a phone number in national form.
let panDigits: i32 = 0;
let clusterDigits: i32 = 0;
let closeDigits: i32 = 0;
let runDigits: i32 = 0;
let nationalDigits: i32 = 0;
let runStart: i32 = 0;
// Whether the cluster has what begins an international phone number, or an American one, and digits of a card.
let isPhone: bool = false;
let isClose: bool = false;

// The digits after the last letter of a block, until they are read.
let tailAt: i32 = 0;
let tailDigits: u64 = 0;
let tailLetter: i32 = 0;

/** Begins a view. */
export function clearDigits(): void {
  tailAt = NOWHERE;
  tailDigits = 0;
  lastDigit = -100;
  lastLetter = -1;
}

/** Where the last letter is of the blocks before. */
export function setLastLetter(at: i32): void {
  lastLetter = at;
}

/** The detectors of what the digits of a block may be a part of. Between those of one number stands no letter. */
export function numbersAt(at: i32, all: u64, letters: u64): u32 {
  found = 0;
  // Digits before the block that no letter parts from it.
  const before = tailAt === at - 64 ? <i32>popcnt(tailDigits) : lastLetter > lastDigit ? 0 : clusterDigits;
  if (letters === 0) {
    if (before === 0 && <i32>popcnt(all) < LEAST) keepTail(at, all, lastLetter);
    else {
      readTail();
      runsAt(at, all, lastLetter);
    }
    return found;
  }
  const left = all & longWithout(letters);
  const head = left & ((letters & (0 - letters)) - 1);
  const last = 63 - <i32>clz(letters);
  const tail = left & ~(((<u64>2) << last) - 1);
  if (head !== 0 && before + <i32>popcnt(head) >= LEAST) {
    readTail();
    runsAt(at, head, lastLetter);
  }
  // Between letters, too few are no number.
  const between = left ^ (head | tail);
  if (<i32>popcnt(between) >= LEAST) betweenLetters(at, between, letters);
  keepTail(at, tail, at + last);
  if (<i32>popcnt(tail) >= LEAST) readTail();
  return found;
}

// Too few are read when the next block goes on with them.
function keepTail(at: i32, digits: u64, letter: i32): void {
  tailAt = at;
  tailDigits = digits;
  tailLetter = letter;
}

function readTail(): void {
  if (tailDigits !== 0) runsAt(tailAt, tailDigits, tailLetter);
  tailAt = NOWHERE;
  tailDigits = 0;
}

function betweenLetters(at: i32, all: u64, letters: u64): void {
  for (let left = all; left !== 0;) {
    const before = (<u64>1 << ctz(left)) - 1;
    const after = letters & ~before;
    const digits = left & ((after & (0 - after)) - 1);
    left ^= digits;
    if (<i32>popcnt(digits) >= LEAST) runsAt(at, digits, at + 63 - <i32>clz(letters & before));
  }
}

function runsAt(at: i32, digits: u64, letter: i32): void {
  for (let left = digits; left !== 0;) {
    const first = ctz(left);
    const rest = ~(left >> first);
    const size = rest === 0 ? 64 : <i32>ctz(rest);
    left = size + <i32>first >= 64 ? 0 : left & (<u64>-1 << (first + size));
    runAt(at + <i32>first, size, letter);
  }
}

function runAt(start: i32, size: i32, letter: i32): void {
  const gap = letter > lastDigit ? FAR : start - lastDigit;
  if (gap > PHONE_GAP) {
    clusterDigits = 0;
    nationalDigits = 0;
    isPhone = false;
    isClose = false;
  }
  if (gap === 1) {
    runDigits += size;
    if (nationalDigits > 0) nationalDigits += size;
  } else {
    runDigits = size;
    runStart = start;
    if (nationalDigits > 0 && isNationalGap(load<u8>(view.text + lastDigit + 1))) nationalDigits += size;
    else nationalDigits = isNational(start) ? size : 0;
    if (!isPhone) isPhone = isInternational(start) || isAmerican(start);
    // A list of byte values.
    if (gap <= PAN_GAP && panDigits + 1 >= LEAST && isAfterComma(start)) found |= LISTS;
  }
  closeDigits = gap <= CLOSE_GAP ? closeDigits + size : size;
  panDigits = gap <= PAN_GAP ? panDigits + size : size;
  clusterDigits += size;
  lastDigit = start + size - 1;
  if (clusterDigits >= LEAST) numberAt(lastDigit);
}

function numberAt(place: i32): void {
  if (isPhone || nationalDigits >= LEAST_NATIONAL) found |= PHONE;
  if (closeDigits >= LEAST && isIdentity(place)) found |= IDENTITY;
  if (runDigits >= LEAST) longRunAt(place);
  if (panDigits >= LEAST_PAN) found |= PAN;
  if (closeDigits >= LEAST_PAN) isClose = true;
  if (isClose && (clusterDigits >= LEAST_WITH_CODE || isBeforeExpiry(place))) found |= TRAILING;
}

// Where no letter is among eight characters, as far as this block tells.
function longWithout(letters: u64): u64 {
  let long = ~letters;
  const first = letters === 0 ? long : (letters & (0 - letters)) - 1;
  long &= (long >> 1) | (<u64>1 << 63);
  long &= (long >> 2) | (<u64>3 << 62);
  long &= (long >> 4) | (<u64>15 << 60);
  long |= long << 1;
  long |= long << 2;
  return long | (long << 4) | first;
}

// Whether a phone number begins with the run of digits that begins here, after what dials out (rules/phone.ts).
function isInternational(start: i32): bool {
  const text = view.text + start;
  const left = leftOf(start);
  if (left === 43 || load<u8>(text - 2) === 43 || load<u8>(text - 3) === 43) return true;
  if (load<u16>(text) !== 0x3030 || isLetter(left) || left === 46 || left === 42 || left === 95) return false;
  const next = load<u8>(text, 2);
  return <u32>(next - 49) < 9 || next === 32 || next === 40;
}

// (415) 555-2671 and 1-415-555-2671.
function isAmerican(start: i32): bool {
  const text = view.text + start;
  if (<u32>(load<u8>(text) - 50) > 7) return false;
  const left = load<u8>(text - 1);
  if (left === 40) return load<u8>(text, 3) === 41;
  if (load<u8>(text - 2) !== 49 || (left !== 32 && left !== 45 && left !== 46)) return false;
  return isDigit(load<u8>(text, 4)) && isDigit(load<u8>(text, 6)) && isDigit(load<u8>(text, 8)) && isDigit(load<u8>(text, 11));
}

// Three digits of which the first is 0 or 2, and no rest of an address, a version or an amount.
function isNational(start: i32): bool {
  const text = view.text + start;
  const first = load<u8>(text);
  if ((first !== 48 && first !== 50) || !isDigit(load<u8>(text, 1)) || !isDigit(load<u8>(text, 2))) return false;
  // 2026 is a year: of the codes that begin with 20 only 201 is a phone's.
  if (first === 50 && load<u8>(text, 1) === 48 && load<u8>(text, 2) !== 49) return false;
  const left = leftOf(start);
  if (isLetter(left) || left === 42) return false;
  return !(start > 1 && left >= 44 && left <= 47 && isDigit(load<u8>(text - 2)));
}

// What lies before the text is another one.
function leftOf(start: i32): u8 {
  return start > 0 ? load<u8>(view.text + start - 1) : 0;
}

// Space - ( )
function isNationalGap(byte: u8): bool {
  return byte === 32 || byte === 45 || byte === 40 || byte === 41;
}

// Whether a number of rules/identity.ts may end with the run that ends here, or has the run at its beginning.
function isIdentity(place: i32): bool {
  const run = view.text + runStart;
  if (runDigits >= 13) return true;
  if (runDigits === 3 && closeDigits >= 13) return true;
  const left = load<u8>(run - 1);
  if (runDigits >= 9 && (left === 65 || left === 80 || (left === 45 && load<u8>(run - 2) === 65))) return true;
  if (runDigits === 4 && left === 45 && load<u8>(run - 4) === 45 && isDigit(load<u8>(run - 7)) && (runStart < 8 || !isDigit(load<u8>(run - 8))))
    return true;
  if (runDigits < 6) return false;
  const right = load<u8>(view.text + place, 1);
  return isUpper(right === 32 || right === 45 ? load<u8>(view.text + place, 2) : right);
}

function isUpper(byte: u8): bool {
  return <u32>(byte - 65) < 26;
}

// Digits of a track, or that a token is made of, before a colon or after a hash.
function longRunAt(place: i32): void {
  if (runDigits >= LEAST_PAN) found |= TRACK;
  if (place + 1 < view.length) {
    const right = load<u8>(view.text + place + 1);
    if (right === 58) found |= maybe(TOKEN_BOT);
    // The fraction of a number with an exponent.
    if ((right | 32) === 101) {
      setMatched(PAN_EXPONENT);
      found |= PAN;
    }
  }
  if (runDigits < 14) return;
  for (let last = max(82, runStart + 13); last <= place; last++) {
    if (!isHex(load<u8>(view.text + last - 20))) continue;
    found |= maybe(TOKEN_DARAJA);
    return;
  }
}

function maybe(token: i32): u32 {
  setMatched(token);
  return TOKEN;
}

// Whether a word that begins with `e` is near, as one that names the expiry of a card.
function isBeforeExpiry(place: i32): bool {
  const next = load<u32>(view.text + place + 1) | 0x2020_2020;
  return <u8>next === 101 || <u8>(next >> 8) === 101 || <u8>(next >> 16) === 101 || <u8>(next >> 24) === 101;
}

function isAfterComma(place: i32): bool {
  const left = load<u8>(view.text + place - 1);
  return left === 44 || (left === 32 && load<u8>(view.text + place - 2) === 44);
}
