// What stands between the digit groups of one number.

import { isSpace } from "./ascii";
import * as view from "./view";

/** What stands between groups of digits. */
export function isGap(from: i32, to: i32): bool {
  const size = to - from;
  const one = view.at(from);
  const two = view.at(from + 1);
  // One , : ~ or * by itself as well.
  if (size === 1)
    return isGapMark(one) || isSpace(one) || one === 44 || one === 58 || one === 126 || one === 42;
  const isSpaces = isSpace(one) && isSpace(two);
  if (size === 2) return isSpaces || (isGapMark(one) && isGapMark(two));
  const three = view.at(from + 2);
  if (one === 34 || one === 39) return isJoint(from, to, one);
  if (size !== 3) return false;
  if (isSpaces && isSpace(three)) return true;
  return one === 32 && three === 32 && (two === 45 || two === 46 || two === 47 || two === 124);
}

// Items of a list, "4111","1111", and parts of a text, "4111" + "1111".
function isJoint(from: i32, to: i32, quote: u8): bool {
  if (view.at(to - 1) !== quote) return false;
  let marks = 0;
  for (let at = from + 1; at < to - 1; at++) {
    const byte = view.at(at);
    if (byte === 32) continue;
    if (byte !== 44 && byte !== 43 && byte !== 46) return false;
    marks++;
  }
  return marks === 1;
}

// Space, tab and - . _ / + |
function isGapMark(byte: u8): bool {
  return (
    byte === 32 ||
    byte === 9 ||
    byte === 43 ||
    (byte >= 45 && byte <= 47) ||
    byte === 95 ||
    byte === 124
  );
}

/** Between single digits: they come out of arrays and printed lists. */
export function isWideGap(from: i32, to: i32): bool {
  for (let index = from; index < to; index++) {
    const byte = view.at(index);
    const isMark =
      isGapMark(byte) ||
      isSpace(byte) ||
      byte === 34 ||
      (byte >= 39 && byte <= 41) ||
      byte === 44 ||
      byte === 58 ||
      byte === 59 ||
      byte === 91 ||
      byte === 93;
    if (!isMark) return false;
  }
  return true;
}
