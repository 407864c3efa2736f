// Clusters of digits: digits with few other characters between them and no letter. A number stands within one, so that
// line numbers, versions and times are not looked at by every detector of numbers.

import { reserve } from "./arena";
import { digitsOf, lettersOf } from "./lanes";
import * as view from "./view";

// The widest gap inside a number: spaces between the groups of a phone number.
const WIDEST: i32 = 15;
// Fewer digits are no number that a detector knows.
const LEAST: i32 = 8;
const ROW: usize = 12;
const rows: usize = reserve((<usize>view.SCANNED / 8 + 64) * ROW);

/** Number of clusters, and the digits of the largest. */
export let clusterCount: i32 = 0;
export let mostDigits: i32 = 0;

let clusterStart: i32 = 0;
let clusterEnd: i32 = 0;
let digitCount: i32 = 0;
let runStart: i32 = -1;
let lastLetter: i32 = -1;

export function clusterStartAt(index: i32): i32 {
  return load<i32>(rows + <usize>index * ROW);
}

export function clusterEndAt(index: i32): i32 {
  return load<i32>(rows + <usize>index * ROW, 4);
}

export function clusterDigitsAt(index: i32): i32 {
  return load<i32>(rows + <usize>index * ROW, 8);
}

/** Finds the clusters of the current view, in order. */
export function findClusters(): void {
  clusterCount = 0;
  mostDigits = 0;
  digitCount = 0;
  clusterEnd = 0;
  runStart = -1;
  lastLetter = -1;
  let before: u64 = 0;
  for (let base = 0; base < view.length; base += 64) {
    const place = view.text + base;
    const left = view.length - base;
    const known: u64 = left >= 64 ? u64.MAX_VALUE : ((<u64>1) << left) - 1;
    let digits: u64 = 0;
    let letters: u64 = 0;
    for (let part: usize = 0; part < 64; part += 16) {
      const chunk = v128.load(place + part);
      digits |= (<u64>i8x16.bitmask(digitsOf(chunk))) << part;
      letters |= (<u64>i8x16.bitmask(lettersOf(chunk))) << part;
    }
    digits &= known;
    letters &= known;
    readRuns(base, digits ^ ((digits << 1) | before), letters);
    if (letters !== 0) lastLetter = base + 63 - <i32>clz(letters);
    before = digits >> 63;
  }
  if (runStart >= 0) endRun(view.length);
  endCluster();
}

// Each edge is where a run of digits begins or ends.
function readRuns(base: i32, edges: u64, letters: u64): void {
  for (let rest = edges; rest !== 0; rest &= rest - 1) {
    const bit = <i32>ctz(rest);
    const at = base + bit;
    if (runStart >= 0) {
      endRun(at);
      continue;
    }
    const between = letters & (((<u64>1) << bit) - 1);
    const letter = between === 0 ? lastLetter : base + 63 - <i32>clz(between);
    if (letter >= clusterEnd || at - clusterEnd > WIDEST) endCluster();
    if (digitCount === 0) clusterStart = at;
    runStart = at;
  }
}

function endRun(at: i32): void {
  digitCount += at - runStart;
  clusterEnd = at;
  runStart = -1;
}

function endCluster(): void {
  if (digitCount >= LEAST) {
    const row = rows + <usize>clusterCount * ROW;
    clusterCount++;
    store<i32>(row, clusterStart);
    store<i32>(row, clusterEnd, 4);
    store<i32>(row, digitCount, 8);
    mostDigits = max(mostDigits, digitCount);
  }
  digitCount = 0;
}
