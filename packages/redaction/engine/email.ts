// E-mail addresses, in any script.

import { isAlphanumeric, isDigit, lower } from "./ascii";
import { BY_EMAIL, MARK_EMAIL, PII } from "./codes";
import { LETTER } from "./fold";
import { EMAIL_DOMAIN, EMAIL_FILE } from "./generated/patterns";
import { matchAt } from "./match";
import { add } from "./spans";
import * as view from "./view";

const LONGEST_LOCAL: i32 = 64;
const LONGEST_DOMAIN: i32 = 254;
const LONGEST_LABEL: i32 = 63;

export function findEmail(): void {
  let floor = 0;
  for (let at = 0; at < view.length; at++) {
    if (load<u8>(view.text + at) !== 64) continue;
    let from = at;
    while (from > floor && at - from < LONGEST_LOCAL && isLocal(view.at(from - 1))) from--;
    while (from < at && isMark(view.at(from))) from++;
    if (from === at || isGit(from, at)) continue;
    let limit = at + 1;
    while (limit - at < LONGEST_DOMAIN && isDomain(view.at(limit))) limit++;
    const to = endOfDomain(at + 1, limit);
    if (to === 0) continue;
    floor = to;
    add(from, to, PII, MARK_EMAIL, BY_EMAIL, false);
  }
}

// Letters and digits of any script and . _ % + ' -
function isLocal(byte: u8): bool {
  return isAlphanumeric(byte) || byte === LETTER || byte === 95 || isMark(byte);
}

function isMark(byte: u8): bool {
  return byte === 46 || byte === 37 || byte === 43 || byte === 39 || byte === 45;
}

function isDomain(byte: u8): bool {
  return isAlphanumeric(byte) || byte === LETTER || byte === 46 || byte === 45;
}

function isGit(from: i32, at: i32): bool {
  return (
    at - from === 3 &&
    lower(view.at(from)) === 103 &&
    lower(view.at(from + 1)) === 105 &&
    lower(view.at(from + 2)) === 116
  );
}

// After the last label that can be a top-level domain; 0 when there is none.
function endOfDomain(from: i32, limit: i32): i32 {
  let dot = from;
  while (dot < limit && view.at(dot) !== 46) dot++;
  // A version, as in package@1.2.3-beta.
  if (dot < limit && isDigit(view.at(from)) && isDigit(view.at(dot + 1)) && dot + 1 < limit)
    return 0;
  let found = 0;
  for (let label = from; label <= limit;) {
    let end = label;
    while (end < limit && view.at(end) !== 46) end++;
    if (end === label || end - label > LONGEST_LABEL) break;
    if (label > from && isTopLevel(label, end)) found = end;
    label = end + 1;
  }
  return found;
}

function isTopLevel(label: i32, end: i32): bool {
  const size = end - label;
  const address = view.text + label;
  return matchAt(EMAIL_DOMAIN, address, size, 0) && !matchAt(EMAIL_FILE, address, size, 0);
}
