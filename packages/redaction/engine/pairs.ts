// Values beside a key that names them: JSON, XML, SQL, query strings, headers, prose with a colon.

import { ASSIGNED, IN_PROSE, KIND_NONE, KIND_SECRET, KIND_TRACE } from "./codes";
import { JUDGE_PLACEHOLDER, PAIRS_NAMED, PAIRS_NAMER } from "./generated/patterns";
import { judge } from "./judge";
import { findKey, keyLength, keyStart } from "./key";
import { kindOf } from "./keys";
import { matchAt } from "./match";
import { addVerdict } from "./spans";
import { findValue, resetValues, valueEnd, valueForm, valueStart } from "./value";
import * as view from "./view";

// The value of a name is not far from it.
const NEAR: i32 = 40;
// What a longer value begins with says what it is.
const MOST_JUDGED: i32 = 512;

export function findPairs(): void {
  resetValues();
  // {"Name":"PhoneNumber","Value":254712345678}: the key is the value of the pair before.
  let nameStart = 0;
  let nameEnd = -NEAR - 1;
  for (let at = 0; at < view.length; at++) {
    const byte = load<u8>(view.text + at);
    if (byte !== 61 && byte !== 58 && byte !== 62) continue;
    if (!findKey(at) || isHost(at)) continue;
    const key = view.text + keyStart;
    let kind = kindOf(key, keyLength);
    if (kind === KIND_NONE && at - nameEnd < NEAR && matchAt(PAIRS_NAMED, key, keyLength, 0))
      kind = kindOf(view.text + nameStart, nameEnd - nameStart);
    if (kind === KIND_NONE) {
      if (matchAt(PAIRS_NAMER, key, keyLength, 0) && findValue(at, IN_PROSE, KIND_SECRET)) {
        nameStart = valueStart;
        nameEnd = valueEnd;
      }
      continue;
    }
    if (kind === KIND_TRACE || !findValue(at, byte === 58 ? IN_PROSE : ASSIGNED, kind)) continue;
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

// `//auth:8080` is a host and its port.
function isHost(delimiter: i32): bool {
  return (
    view.at(delimiter) === 58 && view.at(keyStart - 1) === 47 && view.at(keyStart - 2) === 47
  );
}
