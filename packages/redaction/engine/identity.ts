// National identifiers whose form is enough to know them by.

import { BY_GH_ID, BY_KE_TAX_PIN, BY_US_SSN, BY_ZA_ID, BY_ZW_ID, MARK_ID, PII } from "./codes";
import {
  IDENTITY_GHANA,
  IDENTITY_KENYA_TAX,
  IDENTITY_SOUTH_AFRICA,
  IDENTITY_US_SSN,
  IDENTITY_WORD,
  IDENTITY_ZIMBABWE,
} from "./generated/patterns";
import { luhn } from "./iin";
import { end, search, start } from "./match";
import { add } from "./spans";
import * as view from "./view";

export function findIdentity(): void {
  addAll(IDENTITY_US_SSN, BY_US_SSN);
  addAll(IDENTITY_ZIMBABWE, BY_ZW_ID);
  addAll(IDENTITY_GHANA, BY_GH_ID);
  addAll(IDENTITY_KENYA_TAX, BY_KE_TAX_PIN);
  for (let at = 0; search(IDENTITY_SOUTH_AFRICA, view.text, view.length, at);) {
    at = end(0);
    const from = start(0);
    if (isSouthAfrican(view.text + from) && !isEpoch(from)) addId(from, at, BY_ZA_ID);
  }
}

function addAll(pattern: i32, detector: u8): void {
  for (let at = 0; search(pattern, view.text, view.length, at);) {
    at = end(0);
    addId(start(0), at, detector);
  }
}

function addId(from: i32, to: i32, detector: u8): void {
  add(from, to, PII, MARK_ID, detector, false);
}

// Date of birth, sequence, citizenship, an 8 or a 9, and a check digit.
function isSouthAfrican(digits: usize): bool {
  const month = twoDigits(digits + 2);
  const day = twoDigits(digits + 4);
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const fixed = load<u8>(digits, 11);
  return load<u8>(digits, 10) <= 50 && (fixed === 56 || fixed === 57) && luhn(digits, 13);
}

function twoDigits(address: usize): i32 {
  return (<i32>load<u8>(address) - 48) * 10 + <i32>load<u8>(address, 1) - 48;
}

// Milliseconds since 1970, from 2017 to 2039, look like births in 15 to 21.
function isEpoch(from: i32): bool {
  let milliseconds: u64 = 0;
  for (let index = from; index < from + 13; index++)
    milliseconds = milliseconds * 10 + <u64>(view.at(index) - 48);
  if (milliseconds < 1_500_000_000_000 || milliseconds > 2_200_000_000_000) return false;
  view.before(from, 32);
  return !search(IDENTITY_WORD, view.beforeText, view.beforeLength, 0);
}
