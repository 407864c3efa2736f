// Values beside a key that names them: JSON, XML, SQL, query strings, headers, prose with a colon.

import { isAlphanumeric, isHex } from "./ascii";
import {
  ASSIGNED,
  IN_PROSE,
  KIND_AUTH,
  KIND_MAYBE,
  KIND_NONE,
  KIND_SECRET,
  KIND_TOKEN,
  KIND_TRACE,
} from "./codes";
import {
  JUDGE_PLACEHOLDER,
  PAIRS_APART,
  PAIRS_ELEMENTS,
  PAIRS_NAMED,
  PAIRS_NAMER,
  PAIRS_NAMESPACED,
  PAIRS_TAGGED,
  PAIRS_WRAPPED,
} from "./generated/patterns";
import { judge } from "./judge";
import { findKey, keyLength, keyStart } from "./key";
import { kindOf } from "./keys";
import { matchAt, search } from "./match";
import { addVerdict } from "./spans";
import { findValue, resetValues, valueEnd, valueForm, valueStart } from "./value";
import * as view from "./view";

// The value of a name is not far from it, and within the same object, tag or item of a list.
const NEAR: i32 = 240;
// What a longer value begins with says what it is.
const MOST_JUDGED: i32 = 512;

// {"Name":"PhoneNumber","Value":254712345678}: the key is the value of the pair before.
let nameStart: i32 = 0;
let nameEnd: i32 = 0;

export function findPairs(): void {
  resetValues();
  nameStart = 0;
  nameEnd = -NEAR - 1;
  for (let at = 0; at < view.length; at++) {
    const byte = load<u8>(view.text + at);
    if (byte !== 61 && byte !== 58 && byte !== 62) continue;
    if (!findKey(at) || isHost(at) || isByte(at)) continue;
    const key = view.text + keyStart;
    let kind = kindOf(key, keyLength);
    if (kind === KIND_NONE && matchAt(PAIRS_NAMED, key, keyLength, 0)) kind = kindByName(at);
    // <entry key="db.password">x</entry>
    if (kind === KIND_NONE && byte === 62 && at - nameEnd === 1) kind = kindOf(view.text + nameStart, nameEnd - nameStart);
    // "key" is a word for both.
    if (kind === KIND_NONE || kind === KIND_MAYBE) {
      if (matchAt(PAIRS_NAMER, key, keyLength, 0) && findValue(at, IN_PROSE, KIND_SECRET)) {
        nameStart = valueStart;
        nameEnd = valueEnd;
      }
      if (kind === KIND_NONE) continue;
    }
    if (kind === KIND_TRACE || !findValue(at, byte === 58 ? IN_PROSE : ASSIGNED, kind)) continue;
    if (byte === 58 && isAddress(at, kind)) continue;
    const size = min(valueEnd - valueStart, MOST_JUDGED);
    const verdict = judge(kind, view.text + valueStart, size, valueForm);
    if (verdict === 0) {
      // A placeholder has delimiters of its own: `password = :password`.
      if (matchAt(JUDGE_PLACEHOLDER, view.text + valueStart, size, 0)) at = max(at, valueEnd - 1);
      continue;
    }
    addVerdict(valueStart, valueEnd, verdict);
    at = max(at, valueEnd - 1);
  }
}

// By the name before the value at this delimiter, or by the one after it.
function kindByName(at: i32): i32 {
  let from = keyStart;
  if (matchAt(PAIRS_WRAPPED, view.text + from, keyLength, 0)) {
    while (from > 0 && view.at(from) !== 123 && keyStart - from < 8) from--;
  }
  if (from - nameEnd < NEAR && isTogether(nameEnd, from)) {
    return kindOf(view.text + nameStart, nameEnd - nameStart);
  }
  if (!findValue(at, IN_PROSE, KIND_SECRET)) return KIND_NONE;
  const to = valueEnd;
  const last = min(view.length, to + NEAR);
  for (let next = to; next < last; next++) {
    const byte = load<u8>(view.text + next);
    if (byte === 123 || byte === 125 || byte === 60 || byte === 62 || byte === 10) return KIND_NONE;
    if ((byte !== 61 && byte !== 58) || !findKey(next)) continue;
    if (keyStart < to || !matchAt(PAIRS_NAMER, view.text + keyStart, keyLength, 0)) continue;
    if (!findValue(next, IN_PROSE, KIND_SECRET)) return KIND_NONE;
    const kind = kindOf(view.text + valueStart, valueEnd - valueStart);
    if (kind !== KIND_NONE) return kind;
  }
  return KIND_NONE;
}

// Whether nothing else begins between a name and its value.
function isTogether(from: i32, to: i32): bool {
  return (
    to <= from ||
    !search(PAIRS_APART, view.text + from, to - from, 0) ||
    matchAt(PAIRS_ELEMENTS, view.text + from, to - from, 0)
  );
}

// `//auth:8080` is a host and its port.
function isHost(delimiter: i32): bool {
  return (
    view.at(delimiter) === 58 && view.at(keyStart - 1) === 47 && view.at(keyStart - 2) === 47
  );
}

// One of many bytes in hexadecimal: `42:0C:F2:CE:E4`.
function isByte(delimiter: i32): bool {
  if (keyLength !== 2 || view.at(delimiter) !== 58 || view.at(keyStart - 1) !== 58) return false;
  return isHex(view.at(keyStart)) && isHex(view.at(keyStart + 1));
}

// The tag of an image, `ghcr.io/bank/auth:1.4.2`, and a key of a store, `otp:user:42`.
function isAddress(delimiter: i32, kind: i32): bool {
  if (kind !== KIND_TOKEN && kind !== KIND_AUTH && kind !== KIND_MAYBE) return false;
  if (valueStart !== delimiter + 1) return false;
  const value = view.text + valueStart;
  const size = valueEnd - valueStart;
  if (matchAt(PAIRS_NAMESPACED, value, size, 0)) return true;
  const isPath = view.at(keyStart - 1) === 47 && isAlphanumeric(view.at(keyStart - 2));
  return isPath && matchAt(PAIRS_TAGGED, value, size, 0);
}
