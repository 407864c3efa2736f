// National identifiers whose form is enough to know them by.

import { isDigit } from "./ascii";
import { clusterCount, clusterEndAt, clusterStartAt } from "./clusters";
import { BY_GH_ID, BY_KE_TAX_PIN, BY_US_SSN, BY_ZA_ID, BY_ZW_ID, MARK_ID, PII } from "./codes";
import {
  IDENTITY_GHANA,
  IDENTITY_KENYA_TAX,
  IDENTITY_SOUTH_AFRICA,
  IDENTITY_SOUTH_AFRICA_GROUPED,
  IDENTITY_US_SSN,
  IDENTITY_WORD,
  IDENTITY_ZIMBABWE,
} from "./generated/patterns";
import { luhn } from "./iin";
import { end, matchAt, search } from "./match";
import { add } from "./spans";
import * as view from "./view";

const joined: usize = memory.data(16, 8);
// Where the last match ends: another does not begin inside it.
let floor: i32 = 0;

export function findIdentity(): void {
  floor = 0;
  for (let index = 0; index < clusterCount; index++) {
    const from = clusterStartAt(index);
    const left = view.at(from - 1);
    // A letter ends a cluster, so what follows one stands at its beginning.
    if (left === 65 || left === 80) tryAt(IDENTITY_KENYA_TAX, from - 1, BY_KE_TAX_PIN);
    if (left === 65) tryAt(IDENTITY_GHANA, from - 3, BY_GH_ID);
    if (left === 45) tryAt(IDENTITY_GHANA, from - 4, BY_GH_ID);
    findInCluster(from, clusterEndAt(index));
  }
}

// The length of the first group of digits says which of the others it can be.
function findInCluster(from: i32, to: i32): void {
  for (let at = from; at < to; at++) {
    const start = at;
    while (isDigit(view.at(at))) at++;
    const size = at - start;
    if (start < floor) continue;
    if (size === 3) tryAt(IDENTITY_US_SSN, start, BY_US_SSN);
    else if (size === 2 || size === 8 || size === 9) tryAt(IDENTITY_ZIMBABWE, start, BY_ZW_ID);
    else if (size === 6) grouped(start);
    else if (size === 13 && isSouthAfrican(view.text + start)) southAfrican(start);
  }
}

function tryAt(pattern: i32, at: i32, detector: u8): void {
  if (at < floor || !matchAt(pattern, view.text, view.length, at)) return;
  floor = end(0);
  addId(at, floor, detector);
}

// 800101 5009 087
function grouped(at: i32): void {
  if (!matchAt(IDENTITY_SOUTH_AFRICA_GROUPED, view.text, view.length, at)) return;
  memory.copy(joined, view.text + at, 6);
  memory.copy(joined + 6, view.text + at + 7, 4);
  memory.copy(joined + 10, view.text + at + 12, 3);
  if (isSouthAfrican(joined)) addId(at, at + 15, BY_ZA_ID);
}

function southAfrican(at: i32): void {
  if (!matchAt(IDENTITY_SOUTH_AFRICA, view.text, view.length, at) || isEpoch(at)) return;
  addId(at, at + 13, BY_ZA_ID);
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
