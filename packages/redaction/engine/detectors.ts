// Runs the detectors over the current view.

import { JUDGE_TRACE_ID, MARKS_PSEUDONYM } from "./generated/patterns";
import { findClusters } from "./clusters";
import { findEmail } from "./email";
import { findDumps, findEncoded, findLists } from "./encoded";
import { findIban } from "./iban";
import { findIdentity } from "./identity";
import { end, search, start } from "./match";
import { findPairs } from "./pairs";
import { findPan } from "./pan";
import { findPhone } from "./phone";
import {
  DUMPS,
  EMAIL,
  ENCODED,
  IBAN,
  IDENTITY,
  INSERT,
  LISTS,
  PAIRS,
  PAN,
  PEM,
  PHONE,
  PROSE,
  SCHEME,
  TOKEN,
  TRACK,
  TRAILING,
} from "./families";
import { isPlain } from "./plain";
import { prefilter, unfiltered } from "./prefilter";
import { findProse } from "./prose";
import { findMemberCode, findTrack, findTrailingCode } from "./sad";
import { findInsert } from "./sql";
import { findLiterals } from "./statement";
import { findPem, findScheme, findToken, findUserinfo } from "./tokens";
import * as spans from "./spans";
import * as view from "./view";

const NUMBERS: u32 = TRACK | TRAILING | PAN | PHONE | IDENTITY;
const DEEPEST: i32 = 2;

/** Tests turn the prefilter off, to see that it changes nothing. */
let isFiltered: bool = true;

export function setFiltered(value: bool): void {
  isFiltered = value;
}

/** Whether the value is a statement of a database, by its key. */
let isStatement: bool = false;

export function setStatement(value: bool): void {
  isStatement = value;
}

/** Values since the scan began in which a detector had to look. */
export let candidates: u32 = 0;

export function resetCandidates(): void {
  candidates = 0;
}

/** Whether a text is known to be clean before anything is made of it. */
export function passes(address: usize, size: i32): bool {
  return isFiltered && !isStatement && isPlain(address, size);
}

/** Adds the spans of the current view; false when there are none. */
export function detect(): bool {
  if (view.length < 3) return false;
  const may = isFiltered ? prefilter() : unfiltered();
  const hasLiterals = isStatement && view.depth === 0;
  if (may === 0 && !hasLiterals) return false;
  if (view.depth === 0) candidates++;
  if (hasLiterals) findLiterals();
  if ((may & NUMBERS) !== 0) findClusters();
  if ((may & TRACK) !== 0) findTrack();
  if ((may & TRAILING) !== 0) findTrailingCode();
  if ((may & PAN) !== 0) findMemberCode();
  if ((may & PAIRS) !== 0) findPairs();
  if ((may & PROSE) !== 0) findProse();
  if ((may & INSERT) !== 0) findInsert();
  if ((may & TOKEN) !== 0) findToken();
  if ((may & PEM) !== 0) findPem();
  if ((may & SCHEME) !== 0) findScheme();
  if ((may & EMAIL) !== 0) findUserinfo();
  if ((may & PAN) !== 0) findPan();
  if ((may & IBAN) !== 0) findIban();
  if ((may & EMAIL) !== 0) findEmail();
  if ((may & PHONE) !== 0) findPhone();
  if ((may & IDENTITY) !== 0) findIdentity();
  if ((may & ENCODED) !== 0) findEncoded();
  if ((may & DUMPS) !== 0) findDumps();
  if ((may & LISTS) !== 0) findLists();
  if (spans.size() === 0) return false;
  // An all-digit span id can pass for a card; beside its name it is what it says.
  for (let from = 0; search(JUDGE_TRACE_ID, view.text, view.length, from); from = end(0))
    spans.dropWithin(start(1), end(1));
  for (let from = 0; search(MARKS_PSEUDONYM, view.text, view.length, from); from = end(0))
    spans.dropWithin(start(0), end(0));
  return spans.size() > 0;
}

/** The worst class (0 to 5) of what is in a text that was decoded from the current one. Depth is limited to two. */
export function scanDecoded(address: usize, size: i32): u8 {
  if (view.depth >= DEEPEST) return 0;
  view.pushView(address, size);
  const below = spans.open();
  const worst = detect() ? spans.worst() : 0;
  spans.close(below);
  view.popView();
  return worst;
}
