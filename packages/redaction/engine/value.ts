// Where the value after a delimiter begins and ends.

import { isDigit, isSpace, isWord } from "./ascii";
import {
  KIND_ACCOUNT,
  KIND_AUTH,
  KIND_COOKIE,
  KIND_CVV,
  KIND_ID,
  KIND_PAN,
  KIND_PHONE,
  KIND_PHRASE,
  KIND_PIN,
  QUOTED,
} from "./codes";
import { PAIRS_COMMA, PAIRS_DIGITS, PAIRS_PARAMETERS, PAIRS_TYPED } from "./generated/patterns";
import { markerAt } from "./marks";
import { end as endOf, matchAt } from "./match";
import * as view from "./view";

const LONGEST_NUMBER: i32 = 120;
const LONGEST_TYPE: i32 = 64;
const LONGEST_LINE: i32 = 8192;
const LONGEST_OPEN: i32 = 400;
const LONGEST_PLACEHOLDER: i32 = 64;

/** The value that was found last, and how it stands beside its key: QUOTED, ASSIGNED or IN_PROSE. */
export let valueStart: i32 = 0;
export let valueEnd: i32 = 0;
export let valueForm: i32 = 0;

// What is known to end bare values of one depth of encoding from here to there, so that no stretch is read twice.
let bareStart: i32 = 0;
let bareEnd: i32 = 0;
let bareDepth: i32 = 0;
// The same for the next `<` that is no entity, and from where on there is no end of CDATA.
let tagFrom: i32 = 0;
let tagAt: i32 = 0;
let openFrom: i32 = 0;

/** Begins a text. */
export function resetValues(): void {
  bareStart = 0;
  bareEnd = -1;
  tagFrom = 0;
  tagAt = -1;
  openFrom = i32.MAX_VALUE;
}

/** Finds the value of the `=`, `:` or `>` at `delimiter`, of which `form` is what it is without quotes. */
export function findValue(delimiter: i32, form: i32, kind: i32): bool {
  const left = view.at(delimiter - 1);
  const isTag = view.at(delimiter) === 62 && left !== 61 && left !== 45;
  let at = delimiter + 1;
  // => and :=
  if (view.at(at) === 62 || (view.at(at) === 61 && view.at(delimiter) === 58)) at++;
  while (at - delimiter < 8 && isSpace(view.at(at))) at++;
  if (isTag) return findContent(delimiter, at);
  for (let brackets = 0; brackets < 3; brackets++) {
    const marker = markerAt(view.text, view.length, at);
    if (marker > 0) return found(at, at + marker, form);
    const byte = view.at(at);
    if (brackets === 2 || (byte !== 91 && byte !== 40)) break;
    at++;
  }
  const prefix = view.at(at);
  const isPrefixed = prefix === 98 || prefix === 114 || prefix === 117;
  const mayBeTyped = prefix === 115 || prefix === 105 || prefix === 33 || prefix === 78 || prefix === 69;
  if (mayBeTyped && matchAt(PAIRS_TYPED, view.text + at, min(view.length - at, LONGEST_TYPE), 0)) {
    at += endOf(0);
    // int(4821)
    if (view.at(at - 1) === 40) {
      let end = at;
      while (isDigit(view.at(end))) end++;
      return view.at(end) === 41 && found(at, end, QUOTED);
    }
  }
  if (isPrefixed && (view.at(at + 1) === 34 || view.at(at + 1) === 39)) at++;
  const quote = view.at(at);
  if (quote === 34 || quote === 39 || quote === 96)
    return found(at + 1, endOfQuoted(at, quote), QUOTED);
  if (at >= view.length || quote === 123 || quote === 10 || quote === 13) return false;
  return found(at, endOfBare(delimiter, at, kind), form);
}

function found(start: i32, end: i32, form: i32): bool {
  valueStart = start;
  valueEnd = end;
  valueForm = form;
  return true;
}

function indexOf(byte: u8, from: i32): i32 {
  for (let at = from; at < view.length; at++) if (load<u8>(view.text + at) === byte) return at;
  return -1;
}

// What is between a tag and the next one.
function findContent(delimiter: i32, at: i32): bool {
  const isCdata = isCdataAt(at);
  const start = isCdata ? at + 9 : at;
  const isLiteral = view.spelling(delimiter) === 1;
  let end = isCdata ? endOfCdata(start) : isLiteral ? nextTag(start) : indexOf(60, start);
  if (end < 0) end = min(view.length, start + LONGEST_OPEN);
  return start < end && found(start, end, QUOTED);
}

// An entity inside the content is content.
function nextTag(from: i32): i32 {
  if (from >= tagFrom && from <= tagAt) return tagAt < view.length ? tagAt : -1;
  let at = from;
  while (at < view.length && (load<u8>(view.text + at) !== 60 || view.spelling(at) > 1)) at++;
  tagFrom = from;
  tagAt = at;
  return at < view.length ? at : -1;
}

function isCdataAt(at: i32): bool {
  // <![CDATA[
  return (
    at + 9 <= view.length &&
    load<u64>(view.text + at) === 0x41544144435b213c &&
    view.at(at + 8) === 91
  );
}

function endOfCdata(from: i32): i32 {
  if (from >= openFrom) return -1;
  for (let at = from; at + 3 <= view.length; at++)
    if (view.at(at) === 93 && view.at(at + 1) === 93 && view.at(at + 2) === 62) return at;
  openFrom = from;
  return -1;
}

function endOfQuoted(open: i32, quote: u8): i32 {
  const level = view.quoteLevel(open);
  let end = indexOf(quote, open + 1);
  while (end >= 0) {
    const isDoubled =
      quote === 39 && end > open + 1 && view.at(end + 1) === 39 && view.quoteLevel(end) === 0;
    if (!isDoubled && view.quoteLevel(end) <= level) return end;
    end = indexOf(quote, isDoubled ? end + 2 : end + 1);
  }
  return view.length;
}

function endOfBare(delimiter: i32, start: i32, kind: i32): i32 {
  if (kind === KIND_AUTH || kind === KIND_COOKIE || kind === KIND_PHRASE)
    return endOfLine(start, kind);
  const isNumber =
    kind === KIND_PHONE ||
    kind === KIND_ACCOUNT ||
    kind === KIND_ID ||
    kind === KIND_PAN ||
    kind === KIND_PIN;
  if (isNumber) {
    const size = min(view.length - start, LONGEST_NUMBER);
    if (matchAt(PAIRS_DIGITS, view.text + start, size, 0)) return start + endOf(0);
  }
  if (kind === KIND_CVV) {
    const end = endOfCode(start);
    if (end > 0) return end;
  }
  const depth = view.percentDepth(delimiter);
  if (depth === bareDepth && start >= bareStart && start <= bareEnd) return bareEnd;
  let end = start;
  // A placeholder has its brace: ${name}
  if (view.at(start) === 36 && view.at(start + 1) === 123) {
    for (let close = start; close < start + LONGEST_PLACEHOLDER; close++)
      if (view.at(close) === 125) return close + 1;
  }
  while (end < view.length && !isBareEnd(end, depth)) end++;
  bareDepth = depth;
  bareStart = start;
  bareEnd = end;
  return end;
}

// Three to six digits; 0 when it is something else.
function endOfCode(start: i32): i32 {
  let end = start;
  while (isDigit(view.at(end))) end++;
  return end - start >= 3 && end - start <= 6 && !isWord(view.at(end)) ? end : 0;
}

function isBareEnd(at: i32, depth: i32): bool {
  const byte = load<u8>(view.text + at);
  if (!isStop(byte)) return false;
  // What is encoded deeper than the delimiter is part of the value.
  if (view.percentDepth(at) > depth) return false;
  if (byte === 44) return matchAt(PAIRS_COMMA, view.text, view.length, at);
  return (byte !== 41 && byte !== 93 && byte !== 125) || isAfterClosing(at + 1);
}

// Space and & ; " ' ` < > , ) ] }
function isStop(byte: u8): bool {
  return (
    isSpace(byte) ||
    byte === 38 ||
    byte === 59 ||
    byte === 34 ||
    byte === 39 ||
    byte === 96 ||
    byte === 60 ||
    byte === 62 ||
    byte === 44 ||
    byte === 41 ||
    byte === 93 ||
    byte === 125
  );
}

// A bracket closes a value when it is the last, or before a space or , ; . ) ] } " ' & <
function isAfterClosing(at: i32): bool {
  if (at >= view.length) return true;
  const byte = view.at(at);
  return byte === 46 || (byte !== 96 && byte !== 62 && isStop(byte));
}

// An authorization has a scheme, parameters and quotes; a phrase has spaces.
function endOfLine(start: i32, kind: i32): i32 {
  const size = min(view.length - start, LONGEST_LINE);
  const isOpen = matchAt(PAIRS_PARAMETERS, view.text + start, size, 0);
  let braces = 0;
  for (let at = start; at < start + size; at++) {
    const byte = load<u8>(view.text + at);
    if (byte === 10 || byte === 13) return at;
    // Those of a placeholder: `Bearer {{token}}`.
    if (byte === 123) braces++;
    else if (byte === 125 && braces > 0) {
      braces--;
      continue;
    }
    const isQuote = byte === 34 || byte === 39 || byte === 96;
    if (kind === KIND_PHRASE) {
      if (isQuote || byte === 59 || byte === 44 || byte === 125) return at;
    } else if (!isOpen) {
      if (isQuote || byte === 125 || (byte === 44 && kind === KIND_AUTH)) return at;
    }
  }
  return start + size;
}
