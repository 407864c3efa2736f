// Secrets in sentences and statements, after a word that names them.

import { isDigit, isLetter, isWord } from "./ascii";
import {
  BY_WORD,
  IN_PROSE,
  KIND_ACCOUNT,
  KIND_CVV,
  KIND_ID,
  KIND_NONE,
  KIND_PIN,
  KIND_SAD,
  KIND_SECRET,
  KIND_TRACE,
  QUOTED,
} from "./codes";
import {
  PROSE_ACCOUNT,
  PROSE_ASSIGNED,
  PROSE_BESIDE,
  PROSE_CLIENT,
  PROSE_CVV,
  PROSE_ENTERED,
  PROSE_ENVELOPE,
  PROSE_INSURANCE,
  PROSE_LICENCE,
  PROSE_LISTED,
  PROSE_LOGIN,
  PROSE_NATIONAL_ID,
  PROSE_ONE_TIME,
  PROSE_OPTION,
  PROSE_OTHER,
  PROSE_PART,
  PROSE_PASSPORT,
  PROSE_PIN,
  PROSE_PIN_BLOCK,
  PROSE_QUOTED,
  PROSE_ROUTING,
  PROSE_SENT_BEFORE,
  PROSE_SERVER,
  PROSE_SORT_CODE,
  PROSE_STATED,
  PROSE_SWIFT,
  PROSE_TAX_ID,
  PROSE_USER,
  PROSE_WIRE,
} from "./generated/patterns";
import { judge } from "./judge";
import { kindOf } from "./keys";
import { end, search, start } from "./match";
import { mayMatch } from "./prefilter";
import { addVerdict } from "./spans";
import * as view from "./view";
import { equals } from "./word";

// Shorter, a word with a digit is a word.
const LEAST: i32 = 8;
// What a longer value begins with says what it is.
const MOST_JUDGED: i32 = 512;
const LEAST_CODE: i32 = 4;
const MOST_CODE: i32 = 8;

export function findProse(): void {
  findNamed(KIND_CVV, PROSE_CVV);
  findNamed(KIND_PIN, PROSE_PIN);
  findNamed(KIND_SAD, PROSE_PIN_BLOCK);
  findNamed(KIND_SAD, PROSE_ENVELOPE);
  findOneTime();
  findNamed(KIND_ACCOUNT, PROSE_ROUTING);
  findNamed(KIND_ACCOUNT, PROSE_SORT_CODE, QUOTED);
  findNamed(KIND_ACCOUNT, PROSE_ACCOUNT);
  findNamed(KIND_ACCOUNT, PROSE_OTHER);
  findNamed(KIND_ACCOUNT, PROSE_SWIFT);
  findNamed(KIND_ID, PROSE_TAX_ID);
  findNamed(KIND_ID, PROSE_NATIONAL_ID);
  findNamed(KIND_ID, PROSE_PASSPORT);
  findNamed(KIND_ID, PROSE_INSURANCE);
  findNamed(KIND_ID, PROSE_LICENCE);
  findNamed(KIND_SECRET, PROSE_STATED);
  findQuoted();
  findSentBefore();
  findNamed(KIND_SECRET, PROSE_OPTION);
  findNamed(KIND_SECRET, PROSE_USER);
  findNamed(KIND_SECRET, PROSE_CLIENT);
  findNamed(KIND_SECRET, PROSE_ENTERED);
  findNamed(KIND_SECRET, PROSE_LOGIN);
  findNamed(KIND_SECRET, PROSE_ASSIGNED);
  findNamed(KIND_SECRET, PROSE_SERVER);
  for (let at = 0; mayMatch(PROSE_WIRE) && search(PROSE_WIRE, view.text, view.length, at);) {
    at = end(0);
    if (isRouting(view.text + start(1))) addValue(KIND_ACCOUNT, start(1), end(1));
  }
  findListed(PROSE_LISTED);
  findListed(PROSE_PART);
  for (let at = 0; mayMatch(PROSE_BESIDE) && search(PROSE_BESIDE, view.text, view.length, at);) {
    at = end(0);
    const from = start(1);
    const isGiven = end(1) - from >= LEAST && isMadeUp(from, end(1));
    if (isGiven || (isTried(start(0)) && isMixed(from, end(1)))) {
      addValue(KIND_SECRET, from, end(1));
    }
  }
}

function findNamed(kind: i32, pattern: i32, form: i32 = IN_PROSE): void {
  if (!mayMatch(pattern)) return;
  for (let at = 0; search(pattern, view.text, view.length, at);) {
    at = end(0);
    addValue(kind, start(1), end(1), form);
  }
}

// `sms-otp-0647` is the name of something.
function findOneTime(): void {
  if (!mayMatch(PROSE_ONE_TIME)) return;
  for (let at = 0; search(PROSE_ONE_TIME, view.text, view.length, at);) {
    at = end(0);
    const from = start(1);
    const isJoined = view.at(from - 1) === 45 && isLetter(view.at(from - 2));
    if (isJoined && start(0) + 4 === from) continue;
    addValue(KIND_SECRET, from, end(1));
  }
}

// A name and its value beside each other: the name says what the value is. Two names may stand in a list as well.
function findListed(pattern: i32): void {
  if (!mayMatch(pattern)) return;
  for (let at = 0; search(pattern, view.text, view.length, at);) {
    const name = start(1);
    const nameEnd = end(1);
    const from = start(2);
    const to = end(2);
    at = pattern === PROSE_PART ? to : from - 1;
    const kind = kindOf(view.text + name, nameEnd - name);
    if (kind === KIND_NONE || kind === KIND_TRACE) continue;
    if (pattern === PROSE_LISTED && !hasDigitOrMark(from, to)) continue;
    const verdict = judge(kind, view.text + from, min(to - from, MOST_JUDGED), QUOTED);
    if (verdict !== 0) addVerdict(from, to, (verdict & 0xffff) | ((<u32>(BY_WORD + kind)) << 16));
  }
}

// A name has none.
function hasDigitOrMark(from: i32, to: i32): bool {
  for (let at = from; at < to; at++) {
    const byte = view.at(at);
    if (isDigit(byte) || byte === 61 || byte === 32) return true;
  }
  return false;
}

// Passwords are quoted as they are. Secrets, keys and tokens have names too, which hold no digit.
function findQuoted(): void {
  if (!mayMatch(PROSE_QUOTED)) return;
  for (let at = 0; search(PROSE_QUOTED, view.text, view.length, at);) {
    at = end(0);
    const first = view.at(start(0)) | 32;
    const isName = first === 115 || first === 97 || first === 99;
    if (!isName || isMixed(start(1), end(1))) addValue(KIND_SECRET, start(1), end(1));
  }
}

// The digits before the words.
function findSentBefore(): void {
  if (!mayMatch(PROSE_SENT_BEFORE)) return;
  for (let at = 0; search(PROSE_SENT_BEFORE, view.text, view.length, at);) {
    at = end(0);
    const to = start(0) - 1;
    let from = startOfRun(to);
    const size = to - from;
    // In two or three groups: 482-913, 48 29 13.
    for (let group = 1; group < 3 && size < LEAST_CODE && size > 1; group++) {
      const mark = view.at(from - 1);
      const left = startOfRun(from - 1);
      if ((mark === 45 || mark === 32) && from - 1 - left === size) from = left;
    }
    if (to - from < LEAST_CODE || to - from > MOST_CODE || view.at(to) !== 32) continue;
    if (!isWord(view.at(from - 1))) addValue(KIND_SECRET, from, to);
  }
}

function startOfRun(to: i32): i32 {
  let from = to;
  while (to - from <= MOST_CODE && isDigit(view.at(from - 1))) from--;
  return from;
}

// `with password`, `using password`, `Invalid API key`
function isTried(word: i32): bool {
  if (view.at(word - 1) !== 32) return false;
  let from = word - 1;
  while (isLetter(view.at(from - 1))) from--;
  const size = word - 1 - from;
  const text = view.text + from;
  return (
    equals(text, size, "with") ||
    equals(text, size, "using") ||
    equals(text, size, "invalid") ||
    equals(text, size, "Invalid") ||
    equals(text, size, "wrong") ||
    equals(text, size, "Wrong") ||
    equals(text, size, "incorrect")
  );
}

function addValue(kind: i32, from: i32, to: i32, form: i32 = IN_PROSE): void {
  const verdict = judge(kind, view.text + from, to - from, form);
  if (verdict === 0) return;
  addVerdict(from, to, (verdict & 0xffff) | ((<u32>(BY_WORD + kind)) << 16));
}

// A number of the American Bankers Association: weights 3, 7 and 1 over nine digits.
function isRouting(digits: usize): bool {
  let sum: u32 = 0;
  for (let index = 0; index < 9; index++) {
    const weight: u32 = index % 3 === 0 ? 3 : index % 3 === 1 ? 7 : 1;
    sum += weight * <u32>(load<u8>(digits + index) - 48);
  }
  return sum > 0 && sum % 10 === 0;
}

function isMixed(from: i32, to: i32): bool {
  let digits = 0;
  let letters = 0;
  for (let at = from; at < to; at++) {
    const byte = view.at(at);
    if (isDigit(byte)) digits++;
    else if (isLetter(byte)) letters++;
  }
  return digits > 0 && letters > 0;
}

// A password that somebody was told to make, or a long token.
function isMadeUp(from: i32, to: i32): bool {
  if (!isMixed(from, to)) return false;
  let upper = 0;
  let lower = 0;
  let marks = 0;
  let isToken = to - from >= 16;
  for (let at = from; at < to; at++) {
    const byte = view.at(at);
    if (isLetter(byte)) {
      if (byte > 96) lower++;
      else upper++;
    }
    if (!isPlain(byte)) marks++;
    if (!isTokenByte(byte)) isToken = false;
  }
  return isToken || (upper > 0 && lower > 0 && marks > 0);
}

// Letters, digits and what stands in sentences, paths and times: _ . , : ; / ( ) -
function isPlain(byte: u8): bool {
  return (
    isWord(byte) ||
    (byte >= 44 && byte <= 47) ||
    byte === 58 ||
    byte === 59 ||
    byte === 40 ||
    byte === 41
  );
}

// Letters, digits and _ + / = . ~ -
function isTokenByte(byte: u8): bool {
  return isWord(byte) || byte === 43 || (byte >= 45 && byte <= 47) || byte === 61 || byte === 126;
}
