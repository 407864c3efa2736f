// The keys that the host has named, by number: what the registry and their words say of them.

import { reserve } from "./arena";
import {
  CONFIDENTIAL,
  KIND_NONE,
  KIND_PHRASE,
  KIND_SECRET,
  KIND_CVV,
  KIND_SAD,
  KIND_TRACE,
  MARK_CARD,
  MARK_ID,
  MARK_REMOVED,
  PCI_CHD,
  PCI_SAD,
  PII,
} from "./codes";
import { KEYS_ABOUT } from "./generated/patterns";
import { POLICY_MASK, POLICY_SLOTS, POLICY_WORDS } from "./generated/key-policy";
import { verdictOf } from "./judge";
import { kindOf, spaced, spacedLength } from "./keys";
import { search } from "./match";
import { narrow, narrowed, narrowedLength } from "./narrow";
import { hashed, numberOf, SEED } from "./table";
import { equals } from "./word";

const MOST: i32 = 4096;
const ROW: usize = 24;
const ROOM: usize = 1 << 20;
const LONGEST_SEGMENT: i32 = 512;
// No key of the registry is longer.
const LONGEST_KNOWN: i32 = 250;
/** Of each: flags, address and length of the last segment, of the words, and whether it is a statement's. */
const rows: usize = reserve(<usize>(MOST + 1) * ROW);
const texts: usize = reserve(ROOM);
const path: usize = reserve(1 << 17);

let count: i32 = 0;
let used: usize = 0;

export function forgetKeys(): void {
  count = 0;
  used = 0;
}

/** Kind, registry class << 8, registry action << 16 and the marker for it << 24. */
export function flagsOf(id: i32): u32 {
  return id > 0 && id <= count ? load<u32>(rows + <usize>id * ROW) : 0;
}

export function wordsOf(id: i32): usize {
  return load<usize>(rows + <usize>id * ROW, 12);
}

export function wordsLength(id: i32): i32 {
  return id > 0 && id <= count ? load<i32>(rows + <usize>id * ROW, 16) : 0;
}

/** Whether the key is that of a database's statement. */
export function isStatement(id: i32): bool {
  return id > 0 && id <= count && load<u32>(rows + <usize>id * ROW, 20) !== 0;
}

/** The number of a key, or of a member of what stands under `parent`; 0 when no more can be kept. */
export function keyOf(parent: i32, name: usize, size: i32): i32 {
  if (parent < 0 || parent > count) return 0;
  if (count === MOST || used + 2048 > ROOM) return 0;
  let address = name;
  let length = size;
  if (parent > 0) {
    // Two names are enough: {card: {number}} is a card's number.
    const above = rows + <usize>parent * ROW;
    const prefix = load<i32>(above, 8);
    if (prefix > 0) {
      length = min(size, (1 << 17) - LONGEST_SEGMENT - 1);
      memory.copy(path, load<usize>(above, 4), prefix);
      store<u8>(path + prefix, 46);
      memory.copy(path + prefix + 1, name + (size - length), length);
      length += prefix + 1;
      address = path;
    }
  }
  const policy = policyOf(address, length);
  const last = max(0, length - 4096);
  narrow(address + last, length - last);
  const kind = kindOf(narrowed, narrowedLength);
  if (parent > 0 && inherits(parent, kind, name, size)) return parent;
  count++;
  const row = rows + <usize>count * ROW;
  store<u32>(row, <u32>kind | (policy << 8) | ((<u32>markerOf(kind, policy)) << 24));
  let segment = length;
  while (segment > 0 && load<u8>(address + segment - 1) !== 46) segment--;
  segment = max(segment, length - LONGEST_SEGMENT);
  store<usize>(row, keep(address + segment, length - segment), 4);
  store<i32>(row, length - segment, 8);
  store<usize>(row, keep(spaced, spacedLength), 12);
  store<i32>(row, spacedLength, 16);
  const names = equals(address, length, "db.query.text") || equals(address, length, "db.statement");
  store<u32>(row, names ? 1 : 0, 20);
  return count;
}

function keep(address: usize, size: i32): usize {
  const at = texts + used;
  memory.copy(at, address, size);
  used += size;
  return at;
}

// {secrets: {db: "x"}}: what a secret consists of is secret too.
function inherits(parent: i32, kind: i32, name: usize, size: i32): bool {
  const above = <i32>(flagsOf(parent) & 0xff);
  const isWhole =
    above === KIND_SECRET || above === KIND_PHRASE || (above >= KIND_CVV && above <= KIND_SAD);
  if (!isWhole || kind !== KIND_NONE) return false;
  narrow(name, size);
  return !search(KEYS_ABOUT, narrowed, narrowedLength, 0);
}

/** Class and action << 8 by the registry; 0 for a key that it does not know. */
function policyOf(address: usize, size: i32): u32 {
  if (size > 0 && size <= LONGEST_KNOWN) {
    const exact = lookUp(address, size) & 0xffff;
    if (exact !== 0) return exact;
  }
  for (let dot = 1; dot < min(size, LONGEST_KNOWN); dot++) {
    if (load<u8>(address + dot) !== 46) continue;
    const family = lookUp(address, dot) >> 16;
    if (family !== 0) return family;
  }
  return 0;
}

function lookUp(address: usize, size: i32): u32 {
  let hash = SEED;
  for (let at = size - 1; at >= 0; at--) hash = hashed(hash, load<u8>(address + at));
  return numberOf(POLICY_SLOTS, POLICY_MASK, POLICY_WORDS, address, size, hash);
}

function markerOf(kind: i32, policy: u32): u8 {
  const dataClass = <u8>policy;
  if (kind !== KIND_NONE && kind !== KIND_TRACE) {
    const verdict = verdictOf(kind);
    if (<u8>verdict === dataClass) return <u8>(verdict >> 8);
  }
  if (dataClass === PII) return MARK_ID;
  return dataClass === PCI_CHD ? MARK_CARD : MARK_REMOVED;
}

/** The class under which a finding of the registry's is counted. */
export function countedAs(dataClass: u8): u8 {
  return dataClass > PCI_SAD ? CONFIDENTIAL : dataClass;
}
