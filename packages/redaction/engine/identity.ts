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
import { rewind, seek } from "./seek";
import { add } from "./spans";
import { mostDigits } from "./clusters";
import * as view from "./view";

// Digits before the letter of a Zimbabwean number.
const LEAST: i32 = 8;

export function findIdentity(): void {
  if (mostDigits < LEAST) return;
  addAll(IDENTITY_US_SSN, BY_US_SSN, 0);
  addAll(IDENTITY_ZIMBABWE, BY_ZW_ID, 0);
  addAll(IDENTITY_GHANA, BY_GH_ID, 4);
  addAll(IDENTITY_KENYA_TAX, BY_KE_TAX_PIN, 1);
  for (rewind(13, 0); seek(IDENTITY_SOUTH_AFRICA);) {
    const from = start(0);
    const to = end(0);
    if (isSouthAfrican(view.text + from) && !isEpoch(from)) addId(from, to, BY_ZA_ID);
  }
}

function addAll(pattern: i32, detector: u8, lead: i32): void {
  for (rewind(LEAST, lead); seek(pattern);) addId(start(0), end(0), detector);
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
