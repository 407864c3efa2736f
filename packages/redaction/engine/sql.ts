// Values of an INSERT, by the names of their columns.

import { isDigit, isSpace } from "./ascii";
import { ASSIGNED, KIND_NONE, KIND_TRACE, QUOTED } from "./codes";
import { INSERT_HEAD } from "./generated/patterns";
import { judge } from "./judge";
import { kindOf } from "./keys";
import { end, search, start } from "./match";
import { addVerdict } from "./spans";
import * as view from "./view";

// As long as the list of columns may be.
const MOST: i32 = 2048;
const kinds: usize = memory.data(2048, 8);
const name: usize = memory.data(2048, 8);
let columns: i32 = 0;
// Where their names are, until one is asked for.
let namesStart: i32 = 0;
let namesEnd: i32 = 0;
let isRead: bool = false;

// The value that was read last, and how it is written.
let valueStart: i32 = 0;
let valueEnd: i32 = 0;
let valueForm: i32 = 0;

export function findInsert(): void {
  for (let at = 0; search(INSERT_HEAD, view.text, view.length, at);) {
    at = end(0);
    namesStart = start(1);
    namesEnd = end(1);
    isRead = false;
    let place = at;
    while (view.at(place) === 40) place = readTuple(place + 1);
  }
}

function kindOfColumn(column: i32): i32 {
  if (!isRead) readColumns();
  return column < columns ? <i32>load<u8>(kinds + column) : KIND_NONE;
}

function readColumns(): void {
  isRead = true;
  columns = 0;
  let size = 0;
  for (let at = namesStart; at <= namesEnd && columns < MOST; at++) {
    const byte = at < namesEnd ? view.at(at) : 44;
    if (byte === 44) {
      store<u8>(kinds + columns++, <u8>kindOf(name, size));
      size = 0;
    } else if (!isSpace(byte) && byte !== 34 && byte !== 96 && byte !== 91 && byte !== 93) {
      store<u8>(name + size++, byte);
    }
  }
}

// Reads `1, 'it''s', NULL)` and what separates it from the next tuple.
function readTuple(from: i32): i32 {
  let at = from;
  for (let column = 0; at < view.length; column++) {
    const next = skipSpaces(readValue(skipSpaces(at)));
    const mark = view.at(next);
    if (next === at && mark !== 44 && mark !== 41) break;
    if (!isBound()) judgeValue(kindOfColumn(column));
    at = mark === 44 || mark === 41 ? next + 1 : next;
    if (mark !== 44) break;
  }
  at = skipSpaces(at);
  if (view.at(at) === 44) at = skipSpaces(at + 1);
  return at;
}

// A placeholder, which is what most statements have: ? and $1.
function isBound(): bool {
  const size = valueEnd - valueStart;
  const first = view.at(valueStart);
  if (size === 1) return first === 63;
  if (first !== 36 || size > 4) return false;
  for (let at = valueStart + 1; at < valueEnd; at++) if (!isDigit(view.at(at))) return false;
  return size > 1;
}

function judgeValue(kind: i32): void {
  if (kind === KIND_NONE || kind === KIND_TRACE || valueStart === valueEnd) return;
  const verdict = judge(kind, view.text + valueStart, valueEnd - valueStart, valueForm);
  if (verdict !== 0) addVerdict(valueStart, valueEnd, verdict);
}

function skipSpaces(from: i32): i32 {
  let at = from;
  while (isSpace(view.at(at))) at++;
  return at;
}

// Gives where what follows the value begins.
function readValue(from: i32): i32 {
  const first = view.at(from);
  const isMarked = (first === 78 || first === 69) && view.at(from + 1) === 39;
  if (first === 39 || isMarked) return readQuoted(isMarked ? from + 2 : from + 1, 39);
  if (first === 34) return readQuoted(from + 1, 34);
  let at = from;
  while (at < view.length && !isBareEnd(view.at(at))) at++;
  if (view.at(at) === 40) at = afterCall(at);
  valueStart = from;
  valueEnd = at;
  valueForm = ASSIGNED;
  return at;
}

function readQuoted(from: i32, quote: u8): i32 {
  let at = from;
  for (; at < view.length; at++) {
    const byte = view.at(at);
    if (byte === 92) {
      const escaped = view.at(at + 1);
      if (at + 1 >= view.length || escaped === 10 || escaped === 13) break;
      at++;
    } else if (byte === quote) {
      if (quote !== 39 || view.at(at + 1) !== 39) break;
      at++;
    }
  }
  valueStart = from;
  valueEnd = at;
  valueForm = QUOTED;
  return view.at(at) === quote ? at + 1 : at;
}

// , ( ) and '
function isBareEnd(byte: u8): bool {
  return byte === 44 || (byte >= 39 && byte <= 41);
}

// The arguments of a function belong to its value.
function afterCall(open: i32): i32 {
  for (let at = open + 1; at - open <= 201 && at < view.length; at++) {
    const byte = view.at(at);
    if (byte === 41) return at + 1;
    if (byte === 40) break;
  }
  return open;
}
