// Counts digits that may be of one number, and says which detectors have to look at it.

import { isDigit, isHex } from "./ascii";
import { ENCODED, IDENTITY, PAN, PHONE, TOKEN, TRACK, TRAILING } from "./families";
import { TOKEN_BOT, TOKEN_DARAJA } from "./generated/patterns";
import { setMatched } from "./starts";
import * as view from "./view";

// Characters between two digits of one number: at most so many for a card, a phone, and printed close together.
const PAN_GAP: i32 = 6;
const PHONE_GAP: i32 = 16;
const CLOSE_GAP: i32 = 2;
const FAR: i32 = 1000;
// No number has fewer digits.
const LEAST: i32 = 8;
const NO_PHONE: i32 = i32.MAX_VALUE;

let found: u32 = 0;
let lastDigit: i32 = 0;
let lastLetter: i32 = 0;
let panDigits: i32 = 0;
let phoneDigits: i32 = 0;
let closeDigits: i32 = 0;
let runDigits: i32 = 0;
let leastPhone: i32 = NO_PHONE;

/** Begins a view. */
export function clearDigits(): void {
  lastDigit = -100;
  lastLetter = -1;
  panDigits = 0;
  phoneDigits = 0;
  closeDigits = 0;
  runDigits = 0;
  leastPhone = NO_PHONE;
}

/** Where the last letter is of the blocks before. */
export function setLastLetter(at: i32): void {
  lastLetter = at;
}

/** The detectors of what the digits of a block may be a part of. Between those of one number stands no letter. */
export function numbersAt(at: i32, all: u64, letters: u64): u32 {
  found = 0;
  for (let left = all & longWithout(letters); left !== 0;) {
    const first = ctz(left);
    const before = letters & ((<u64>1 << first) - 1);
    const after = letters & ~((<u64>1 << first) - 1);
    // Those up to the next letter.
    const digits = after === 0 ? left : left & ((after & (0 - after)) - 1);
    left ^= digits;
    // Too few by themselves, and letters on both sides.
    if (before !== 0 && after !== 0 && <i32>popcnt(digits) < LEAST) continue;
    countAll(at, digits, before === 0 ? lastLetter : at + 63 - <i32>clz(before));
  }
  return found;
}

function countAll(at: i32, digits: u64, letter: i32): void {
  for (let left = digits; left !== 0; left &= left - 1) {
    const place = at + <i32>ctz(left);
    const gap = letter > lastDigit ? FAR : place - lastDigit;
    lastDigit = place;
    closeDigits = gap <= CLOSE_GAP ? closeDigits + 1 : 1;
    panDigits = gap <= PAN_GAP ? panDigits + 1 : 1;
    if (gap > PHONE_GAP) {
      phoneDigits = 0;
      leastPhone = NO_PHONE;
    }
    phoneDigits++;
    if (gap === 1) runDigits++;
    else {
      runDigits = 1;
      leastPhone = min(leastPhone, leastPhoneAt(place));
    }
    if (phoneDigits >= LEAST) numberAt(place);
  }
}

function numberAt(place: i32): void {
  if (phoneDigits >= leastPhone) found |= PHONE;
  if (isIdentity(place)) found |= IDENTITY;
  if (closeDigits >= 12) found |= TRAILING;
  if (runDigits >= 12) found |= TRACK;
  if (runDigits >= 8) runAt(place);
  // A list of byte values.
  if (panDigits >= 8 && isAfterComma(place)) found |= ENCODED;
  if (panDigits >= 12) found |= PAN;
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

// Of how many digits a phone number is, at least, that begins with the run of digits that begins here (rules/phone.ts).
function leastPhoneAt(place: i32): i32 {
  const text = view.text + place;
  const first = load<u8>(text);
  const left = load<u8>(text - 1);
  const before = load<u8>(text - 2);
  if (left === 43 || before === 43 || load<u8>(text - 3) === 43) return 8;
  const isLong = isDigit(load<u8>(text, 1)) && isDigit(load<u8>(text, 2));
  if (first === 48 && load<u8>(text, 1) === 48) return 8;
  if (left === 40 || (isLong && (first === 48 || first === 50))) return 10;
  return before === 49 && (left === 32 || left === 45 || left === 46) ? 10 : NO_PHONE;
}

// Whether a number of rules/identity.ts may end here, or the first of its digits.
function isIdentity(place: i32): bool {
  if (closeDigits < 8) return false;
  const text = view.text + place;
  if (runDigits === 13) return true;
  if (runDigits === 3 && closeDigits >= 13) return true;
  if (runDigits === 9) {
    const left = load<u8>(text - 9);
    if (left === 65 || left === 80 || (left === 45 && load<u8>(text - 10) === 65)) return true;
  }
  if (runDigits === 4 && load<u8>(text - 4) === 45 && load<u8>(text - 7) === 45) return true;
  if (runDigits < 6) return false;
  const right = load<u8>(text, 1);
  return isUpper(right === 32 || right === 45 ? load<u8>(text, 2) : right);
}

function isUpper(byte: u8): bool {
  return <u32>(byte - 65) < 26;
}

// Digits that a token is made of, before a colon or after a hash.
function runAt(place: i32): void {
  const right = load<u8>(view.text + place + 1);
  if (right === 58) found |= maybe(TOKEN_BOT);
  // The fraction of a number with an exponent.
  if ((right | 32) === 101) found |= PAN;
  if (runDigits >= 14 && place >= 82 && isHex(load<u8>(view.text + place - 20))) found |= maybe(TOKEN_DARAJA);
}

function maybe(token: i32): u32 {
  setMatched(token);
  return TOKEN;
}

function isAfterComma(place: i32): bool {
  const left = load<u8>(view.text + place - 1);
  return left === 44 || (left === 32 && load<u8>(view.text + place - 2) === 44);
}
