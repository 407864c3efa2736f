// Literals of a database statement. Nobody needs them to know the statement by, and any of them may be a customer's.

import { isAlphanumeric, isDigit, isLetter, isSpace, isWord, lower } from "./ascii";
import { BY_LITERAL, CONFIDENTIAL, MARK_LITERAL } from "./codes";
import { STATEMENT_MOMENT } from "./generated/patterns";
import { all, digitsOf, lettersOf } from "./lanes";
import { matchAt } from "./match";
import { add } from "./spans";
import * as view from "./view";

// No database allows a longer name.
const LONGEST_NAME: i32 = 128;
// Digits of a page's size; a longer number may be something else.
const LONGEST_PAGE: i32 = 9;

// The last character before the current one that is no space, and whether it is in the lists after VALUES: there a double
// quote begins a text, as in MySQL, and no name.
let before: u8 = 0;
let isInValues: bool = false;
let parentheses: i32 = 0;
// Whether the last word was LIMIT or the like: a page's size tells nothing of anybody.
let isPaging: bool = false;

export function findLiterals(): void {
  if (!mayHaveLiterals()) return;
  before = 0;
  isInValues = false;
  parentheses = 0;
  isPaging = false;
  for (let at = 0; at < view.length;) {
    const byte = view.at(at);
    const next = literalAt(at, byte);
    if (next > at) {
      add(at, next, CONFIDENTIAL, MARK_LITERAL, BY_LITERAL, false);
      before = 63;
      at = next;
      continue;
    }
    const end = skipped(at, byte);
    const last = view.at(end - 1);
    if (!isSpace(last)) before = last;
    at = end;
  }
}

// Most statements have placeholders alone: no quote, no number but a page's size, and no dollar but before a digit.
function mayHaveLiterals(): bool {
  let isInWord: i32 = 0;
  for (let at = 0; at < view.length; at += 16) {
    const chunk = v128.load(view.text + at);
    const letters = v128.or(lettersOf(chunk), i8x16.eq(chunk, all(95)));
    const digits = i8x16.bitmask(digitsOf(chunk));
    const dollars = i8x16.bitmask(i8x16.eq(chunk, all(36)));
    const quotes = v128.or(i8x16.eq(chunk, all(39)), i8x16.eq(chunk, all(34)));
    const inside = view.length - at >= 16 ? 0xffff : (1 << (view.length - at)) - 1;
    if ((i8x16.bitmask(quotes) & inside) !== 0) return true;
    const before = i8x16.bitmask(letters) | i8x16.bitmask(chunk) | digits | dollars;
    for (let left = digits & ~((before << 1) | isInWord) & inside; left !== 0; left &= left - 1)
      if (!isPageSize(at + ctz(left))) return true;
    const names = dollars & ~(digits >> 1) & inside;
    // After the last of sixteen the digit lies in the next ones.
    if (names !== 0 && (names !== 0x8000 || !isDigit(view.at(at + 16)))) return true;
    isInWord = (before >> 15) & 1;
  }
  return false;
}

// Whether the digits here are alone and follow a word like LIMIT and a space.
function isPageSize(at: i32): bool {
  let end = at + 1;
  while (isDigit(view.at(end))) end++;
  const right = view.at(end);
  const isEnd = right === 0 || isSpace(right) || right === 41 || right === 44 || right === 59;
  if (!isEnd || end - at > LONGEST_PAGE || view.at(at - 1) !== 32) return false;
  let from = at - 1;
  while (isLetter(view.at(from - 1))) from--;
  const left = view.at(from - 1);
  return (left === 0 || isSpace(left)) && isPage(from, at - 1 - from);
}

// Where the literal ends that begins here; `at` when none does.
function literalAt(at: i32, byte: u8): i32 {
  if (byte === 39) return matchAt(STATEMENT_MOMENT, view.text, view.length, at) ? at : endOfQuoted(at);
  if (byte === 34) return isName(at) ? at : endOfQuoted(at);
  if (byte === 36) return endOfDollar(at);
  if (isDigit(byte)) {
    const end = endOfNumber(at);
    return isPaging && end - at <= LONGEST_PAGE ? at : end;
  }
  if (isLetter(byte) && !isWord(view.at(at - 1))) {
    // E'…', N'…', B'…', X'…'
    const kind = lower(byte);
    const isPrefix = kind === 101 || kind === 110 || kind === 98 || kind === 120;
    if (isPrefix && view.at(at + 1) === 39) return endOfQuoted(at + 1);
  }
  return at;
}

// What is no literal: a word, a name in quotes, a comment, or one character.
function skipped(at: i32, byte: u8): i32 {
  if (isLetter(byte) || byte === 95 || byte >= 0x80) {
    const end = endOfWord(at + 1);
    if (parentheses === 0) isInValues = false;
    isPaging = isPage(at, end - at);
    if (end - at === 6 && equalsLower(at, 6, "values")) {
      isInValues = true;
      parentheses = 0;
    }
    return end;
  }
  if (byte === 39) return endOfQuoted(at);
  if (byte === 34 || byte === 96) {
    let end = at + 1;
    while (end < view.length && view.at(end) !== byte) end++;
    return min(end + 1, view.length);
  }
  // The digits of a page's size, and a placeholder: $1, :1, @p1.
  if (isDigit(byte) && isPaging) {
    let end = at + 1;
    while (isDigit(view.at(end))) end++;
    return end;
  }
  if ((byte === 36 || byte === 64 || (byte === 58 && before !== 34)) && isWord(view.at(at + 1))) {
    let end = at + 1;
    while (isWord(view.at(end))) end++;
    return end;
  }
  if (byte === 40) parentheses++;
  else if (byte === 41 && --parentheses < 0) isInValues = false;
  // In a comment a quote is a quote; the other detectors read it.
  if (byte === 45 && view.at(at + 1) === 45) {
    let end = at + 2;
    while (end < view.length && view.at(end) !== 10) end++;
    return end;
  }
  if (byte === 47 && view.at(at + 1) === 42) {
    let end = at + 2;
    while (end < view.length && !(view.at(end) === 42 && view.at(end + 1) === 47)) end++;
    return min(end + 2, view.length);
  }
  return at + 1;
}

// Letters, digits, lines and what is not ASCII, sixteen at once.
function endOfWord(from: i32): i32 {
  for (let at = from; at < view.length; at += 16) {
    const chunk = v128.load(view.text + at);
    const letters = v128.or(lettersOf(chunk), i8x16.eq(chunk, all(95)));
    const digits = digitsOf(chunk);
    const others = ~(i8x16.bitmask(v128.or(letters, digits)) | i8x16.bitmask(chunk)) & 0xffff;
    if (others !== 0) return min(at + <i32>ctz(others), view.length);
  }
  return view.length;
}

function isPage(at: i32, size: i32): bool {
  return (
    equalsLower(at, size, "limit") ||
    equalsLower(at, size, "offset") ||
    equalsLower(at, size, "first") ||
    equalsLower(at, size, "next") ||
    equalsLower(at, size, "top")
  );
}

function equalsLower(at: i32, size: i32, word: string): bool {
  if (size !== word.length) return false;
  for (let index = 0; index < size; index++) {
    if (lower(view.at(at + index)) !== <u8>word.charCodeAt(index)) return false;
  }
  return true;
}

// A doubled quote is one of the text; one that is spelled longer than the first is escaped. Without an end it was cut.
function endOfQuoted(open: i32): i32 {
  const quote = view.at(open);
  const spelling = view.spelling(open);
  let at = open + 1;
  for (; at < view.length; at++) {
    if (view.at(at) !== quote || view.spelling(at) > spelling) continue;
    if (view.at(at + 1) !== quote || view.spelling(at + 1) > spelling) return at + 1;
    at++;
  }
  return view.length;
}

// $$…$$ and $tag$…$tag$
function endOfDollar(at: i32): i32 {
  let tag = at + 1;
  if (isDigit(view.at(tag))) return at;
  while (isWord(view.at(tag))) tag++;
  if (view.at(tag) !== 36 || isWord(view.at(at - 1))) return at;
  const size = tag - at + 1;
  for (let end = tag + 1; end + size <= view.length; end++) {
    if (view.at(end) === 36 && memory.compare(view.text + end, view.text + at, size) === 0)
      return end + size;
  }
  return view.length;
}

function endOfNumber(at: i32): i32 {
  const left = view.at(at - 1);
  if (isWord(left) || left >= 0x80 || left === 36 || left === 64) return at;
  // Of `t.1` and of `:1`; in JSON a number follows a colon, after a name in quotes.
  if (left === 46 && isWord(view.at(at - 2))) return at;
  if (left === 58 && view.at(at - 2) !== 34) return at;
  // Digits that a mask has left.
  if (left === 42 && view.at(at - 2) === 42 && view.at(at - 3) === 42) return at;
  let end = at + 1;
  while (isAlphanumeric(view.at(end)) || view.at(end) === 46 || view.at(end) === 95) end++;
  const last = lower(view.at(end - 1));
  if (last === 101 && (view.at(end) === 43 || view.at(end) === 45) && isDigit(view.at(end + 1))) {
    end++;
    while (isDigit(view.at(end))) end++;
  }
  return view.at(end) === 42 && view.at(end + 1) === 42 && view.at(end + 2) === 42 ? at : end;
}

// Whether a double quote begins a name: of a column, or of a member in JSON.
function isName(open: i32): bool {
  let end = open + 1;
  while (end < view.length && end - open <= LONGEST_NAME) {
    const byte = view.at(end);
    if (byte === 34) break;
    if (!isWord(byte) && byte !== 32 && byte !== 45 && byte !== 46 && byte !== 36 && byte < 0x80)
      return false;
    end++;
  }
  if (view.at(end) !== 34 || end === open + 1 || isDigit(view.at(open + 1))) return false;
  let after = end + 1;
  while (isSpace(view.at(after))) after++;
  // "a"."b", and {"a": 1}
  if (view.at(after) === 46 || view.at(after) === 58 || before === 46) return true;
  // a = "b", {"a":"b"}, and VALUES ("a")
  const isCompared = before === 61 || before === 60 || before === 62 || before === 58;
  return !isCompared && !isInValues;
}
