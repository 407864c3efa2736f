// The interface to the hosts. Everything is little endian, and addresses and lengths are in bytes.

import { regrow, reserve } from "./arena";
import { clearFindings, findingCount, findings as findingRows } from "./findings";
import * as detectors from "./detectors";
import { flagsOf, forgetKeys, keyOf } from "./keyring";
import { scanValue } from "./scan";
import { clearTexts, texts as textArea } from "./texts";

// Beyond an input are zeros, so that whole vectors can be read.
const PADDING: usize = 64;
const ENTRY: usize = 16;

let inputArea: usize = reserve((1 << 17) + PADDING);
let inputRoom: usize = 1 << 17;
let entryArea: usize = reserve(1024 * ENTRY);
let entryRoom: usize = 1024;

/** Raised when a host would have to change. */
export function version(): u32 {
  return 1;
}

/** The address of an input area of at least `bytes`. Memory may grow. */
export function input(bytes: u32): usize {
  if (bytes > inputRoom) {
    inputRoom = max(<usize>bytes, inputRoom * 2);
    inputArea = regrow(inputArea, 0, inputRoom + PADDING);
  }
  return inputArea;
}

/** The address of rows of u32: key, offset in the input, length, form (scan.ts). */
export function entries(count: u32): usize {
  if (count > entryRoom) {
    entryRoom = max(<usize>count, entryRoom * 2);
    entryArea = regrow(entryArea, 0, entryRoom * ENTRY);
  }
  return entryArea;
}

/** The number of the key whose UTF-8 name is the input, as a member of what stands under `parent` when that is not 0. */
export function key(parent: u32, length: u32): u32 {
  return keyOf(parent, inputArea, min<u32>(length, <u32>inputRoom));
}

/** Kind, registry class << 8, registry action << 16 and the marker for it << 24. */
export function keyFlags(id: u32): u32 {
  return flagsOf(id);
}

/** Tests turn the prefilter off, to see that it changes nothing. */
export function filter(isOn: bool): void {
  detectors.setFiltered(isOn);
}

/** Forgets all keys. */
export function forget(): void {
  forgetKeys();
}

/** Scans the entries; gives the number of findings. */
export function scan(count: u32): u32 {
  clearFindings();
  clearTexts();
  detectors.resetCandidates();
  // A host that asks for what it has not written must not take silence for an answer.
  if (count > <u32>entryRoom) unreachable();
  for (let index: u32 = 0; index < count; index++) {
    const row = entryArea + <usize>index * ENTRY;
    const offset = load<u32>(row, 4);
    const length = load<u32>(row, 8);
    if (offset > inputRoom || length > inputRoom - offset) unreachable();
    scanValue(index, load<u32>(row), inputArea + offset, length, load<u32>(row, 12));
  }
  return findingCount();
}

/**
 * Scans one value that lies in the input, and keeps its size as that of the first entry; gives twice the number of
 * findings, and one more when a detector had to look at it.
 */
export function look(key: u32, offset: u32, length: u32, form: u32): u32 {
  clearFindings();
  clearTexts();
  detectors.resetCandidates();
  if (offset > inputRoom || length > inputRoom - offset) unreachable();
  store<u32>(entryArea, length, 8);
  scanValue(0, key, inputArea + offset, length, form);
  return (findingCount() << 1) | detectors.candidates;
}

/** How many entries of the last scan a detector had to look at. */
export function candidates(): u32 {
  return detectors.candidates;
}

/** The address of rows of u32: entry, start, end, code, offset and length of the replacement and of the canonical text. */
export function findings(): usize {
  return findingRows();
}

/** The address of the texts of the findings. */
export function texts(): usize {
  return textArea();
}
