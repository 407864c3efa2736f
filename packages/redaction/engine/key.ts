// The name that stands before a delimiter: quoted, bare, several words, in brackets, or a tag.

import { isAlphanumeric, isDigit, isSpace } from "./ascii";
import { LETTER } from "./fold";
import { PAIRS_TAG } from "./generated/patterns";
import { end, matchAt, start } from "./match";
import * as view from "./view";

const LONGEST_KEY: i32 = 64;
const LONGEST_TAG: i32 = 200;

/** The key that was found last. */
export let keyStart: i32 = 0;
export let keyLength: i32 = 0;

/** Finds the key of the `=`, `:` or `>` at `delimiter`. */
export function findKey(delimiter: i32): bool {
  let at = delimiter - 1;
  const byte = view.at(delimiter);
  if (byte === 62) {
    const left = view.at(at);
    if (left !== 61 && left !== 45) return findTag(delimiter);
    at--;
  } else if (byte === 61) {
    const right = view.at(delimiter + 1);
    if (right === 61 || right === 62) return false;
  }
  while (at >= 0 && delimiter - at < 5 && isBetween(view.at(at))) at--;
  const isClosed = at >= 0 && isClosing(view.at(at));
  if (isClosed) at = beforeClosing(at);
  let from = at + 1;
  while (from > 0 && at - from < LONGEST_KEY && isKeyByte(view.at(from - 1), isClosed)) from--;
  keyStart = from;
  keyLength = at + 1 - from;
  return keyLength > 0;
}

function isBetween(byte: u8): bool {
  return isSpace(byte) || byte === 61 || byte === 58 || byte === 33;
}

// ] " ' ` and )
function isClosing(byte: u8): bool {
  return byte === 93 || byte === 34 || byte === 39 || byte === 96 || byte === 41;
}

function beforeClosing(from: i32): i32 {
  let at = from;
  for (let skipped = 0; at >= 0 && skipped < 3; skipped++) {
    const byte = view.at(at);
    if (!isClosing(byte) && byte !== 92) break;
    at--;
  }
  // The place in a list: password[]=x, password[0]=x.
  let open = at;
  while (at - open < 4 && isDigit(view.at(open))) open--;
  return view.at(open) === 91 ? open - 1 : at;
}

// Letters and digits of any script and _ . - $ space; between quotes and brackets @ / : too.
function isKeyByte(byte: u8, isClosed: bool): bool {
  if (isAlphanumeric(byte) || byte === LETTER || byte === 95) return true;
  if (byte === 32 || byte === 36 || byte === 45 || byte === 46) return true;
  return isClosed && (byte === 64 || byte === 47 || byte === 58);
}

function findTag(close: i32): bool {
  if (view.at(close - 1) === 47) return false;
  const floor = max(0, close - LONGEST_TAG);
  let open = close - 1;
  while (open >= floor && view.at(open) !== 60) open--;
  if (open < floor || !matchAt(PAIRS_TAG, view.text + open, close - open, 0)) return false;
  keyStart = open + start(1);
  keyLength = end(1) - start(1);
  return true;
}
