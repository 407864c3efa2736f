// The pattern matcher: a backtracking machine for the programs in generated/patterns.ts, which the build makes from
// the regular expressions in rules/. scripts/pattern-program.mts writes what this file reads.

import { reserve } from "./arena";
import { isWord } from "./ascii";
import { CODE, HEADS, SETS } from "./generated/patterns";
import * as op from "./operations";

const GROUPS: i32 = 8;
// A pattern that fills it is no pattern for text of this size: the search fails closed.
const MOST_PENDING: i32 = 1 << 16;
const SAVED: u32 = 0x8000_0000;
const RANGE: u32 = 0x4000_0000;
const LAZY: u32 = 0x2000_0000;

const slots: usize = reserve(GROUPS * 8);
const stack: usize = reserve(MOST_PENDING * 16);

/** Steps that the searches in the current value may still take. */
export let fuel: i32 = 0x7fff_ffff;
/** A search was given up, so the value is not known to be clean. */
export let isSpent: bool = false;

/** Allows steps in proportion to what there is to search. */
export function refuel(size: i32): void {
  fuel = 1_000_000 + size * 2000;
  isSpent = false;
}

/** Finds the first match at or after `from`. Start and end of its groups are read before the next search. */
export function search(pattern: i32, base: usize, size: i32, from: i32): bool {
  return searchWithin(pattern, base, size, from, size + 1);
}

/** Finds the first match that begins at or after `from` and before `until`. */
export function searchWithin(
  pattern: i32,
  base: usize,
  size: i32,
  from: i32,
  until: i32,
): bool {
  const head = HEADS + (<usize>pattern << 4);
  const code = CODE + load<u32>(head);
  const isAnchored = load<u16>(head, 10) !== 0;
  if (isAnchored) return from === 0 && attempt(code, base, size, 0);
  const one = load<u16>(head, 4);
  const two = load<u16>(head, 6);
  const three = load<u16>(head, 8);
  let at = from;
  if (one === 0xffff) {
    for (const last = min(size + 1, until); at < last; at++)
      if (attempt(code, base, size, at)) return true;
    return false;
  }
  const firsts = SETS + ((<usize>one >> 3) << 8);
  const first: u8 = 1 << (<u8>one & 7);
  const seconds = SETS + ((<usize>two >> 3) << 8);
  const second: u8 = 1 << (<u8>two & 7);
  const thirds = SETS + ((<usize>three >> 3) << 8);
  const third: u8 = 1 << (<u8>three & 7);
  // What lies behind the text may pass here, and matches nothing.
  for (const last = min(size, until); at < last; at++) {
    if ((load<u8>(firsts + load<u8>(base + at)) & first) === 0) continue;
    if ((load<u8>(seconds + load<u8>(base + at, 1)) & second) === 0) continue;
    if ((load<u8>(thirds + load<u8>(base + at, 2)) & third) === 0) continue;
    if (attempt(code, base, size, at)) return true;
  }
  return false;
}

/** Whether the pattern matches exactly at `at`. */
export function matchAt(pattern: i32, base: usize, size: i32, at: i32): bool {
  return attempt(CODE + load<u32>(HEADS + (<usize>pattern << 4)), base, size, at);
}

/** Where a group of the last match begins; -1 when it took no part. Group 0 is the whole. */
export function start(group: i32): i32 {
  return load<i32>(slots + (<usize>group << 3));
}

/** Where a group of the last match ends. */
export function end(group: i32): i32 {
  return load<i32>(slots + (<usize>group << 3), 4);
}

function attempt(code: usize, base: usize, size: i32, at: i32): bool {
  for (let group = 1; group < GROUPS; group++) store<i64>(slots + (<usize>group << 3), -1);
  const to = run(code, 0, base, size, at, 0);
  if (to < 0) return false;
  store<i32>(slots, at);
  store<i32>(slots, to, 4);
  return true;
}

function has(set: u32, byte: u8): bool {
  return ((<u32>load<u8>(SETS + ((set >> 3) << 8) + byte) >> (set & 7)) & 1) !== 0;
}

function isEdge(base: usize, size: i32, at: i32): bool {
  const left = at > 0 && isWord(load<u8>(base + at - 1));
  const right = at < size && isWord(load<u8>(base + at));
  return left !== right;
}

// What is pending: where to go on, at which place, and for a repeated set the place where it may not be shorter.
function push(top: i32, where: u32, at: i32, limit: i32): void {
  const entry = stack + (<usize>top << 4);
  store<u32>(entry, where);
  store<i32>(entry, at, 4);
  store<i32>(entry, limit, 8);
}

// Runs a program from `entry`; gives where the match ends, or -1. What is pending lies from `floor` of the stack.
function run(code: usize, entry: usize, base: usize, size: i32, from: i32, floor: i32): i32 {
  let pc = code + entry;
  let at = from;
  let top = floor;
  while (true) {
    let isAlive = true;
    switch (load<u8>(pc)) {
      case op.ACCEPT:
        return at;
      case op.BYTE:
        isAlive = at < size && load<u8>(base + at) === load<u8>(pc, 1);
        at++;
        pc += 2;
        break;
      case op.SET:
        isAlive = at < size && has(load<u16>(pc, 1), load<u8>(base + at));
        at++;
        pc += 3;
        break;
      case op.SPLIT:
        push(top++, load<u16>(pc, 1), at, 0);
        pc += 3;
        break;
      case op.JUMP:
        pc = code + load<u16>(pc, 1);
        break;
      case op.SAVE: {
        const slot = <usize>load<u8>(pc, 1);
        push(top++, SAVED | <u32>slot, load<i32>(slots + (slot << 2)), 0);
        store<i32>(slots + (slot << 2), at);
        pc += 2;
        break;
      }
      case op.RUN:
      case op.RUN_WHOLE: {
        const set = <u32>load<u16>(pc, 1);
        const most = <i32>load<u16>(pc, 5);
        const least = at + <i32>load<u16>(pc, 3);
        const plane = SETS + ((set >> 3) << 8);
        const bit: u32 = 1 << (set & 7);
        const begin = at;
        const limit = most === 0xffff ? size : min(size, at + most);
        while (at < limit && (<u32>load<u8>(plane + load<u8>(base + at)) & bit) !== 0) at++;
        fuel -= (at - begin) >> 2;
        isAlive = at >= least;
        if (isAlive && at > least && load<u8>(pc) === op.RUN)
          push(top++, RANGE | <u32>(pc - code), at - 1, least);
        pc += 9;
        break;
      }
      case op.RUN_LAZY: {
        const set = <u32>load<u16>(pc, 1);
        const most = <i32>load<u16>(pc, 5);
        const least = at + <i32>load<u16>(pc, 3);
        const limit = most === 0xffff ? size : min(size, at + most);
        while (at < least && at < size && has(set, load<u8>(base + at))) at++;
        isAlive = at >= least;
        if (isAlive && at < limit) push(top++, LAZY | <u32>(pc - code), at, limit);
        pc += 9;
        break;
      }
      case op.TRY_IF:
        if (at < size && has(load<u16>(pc, 1), load<u8>(base + at))) {
          push(top++, load<u16>(pc, 3), at, 0);
          pc += 5;
        } else pc = code + load<u16>(pc, 3);
        break;
      case op.ONLY_IF:
        if (at < size && has(load<u16>(pc, 1), load<u8>(base + at))) pc += 5;
        else pc = code + load<u16>(pc, 3);
        break;
      case op.TEXT_START:
        isAlive = at === 0;
        pc++;
        break;
      case op.TEXT_END:
        isAlive = at === size;
        pc++;
        break;
      case op.WORD:
        isAlive = isEdge(base, size, at);
        pc++;
        break;
      case op.NOT_WORD:
        isAlive = !isEdge(base, size, at);
        pc++;
        break;
      case op.AHEAD:
        isAlive = at < size && has(load<u16>(pc, 1), load<u8>(base + at));
        pc += 3;
        break;
      case op.NOT_AHEAD:
        isAlive = at >= size || !has(load<u16>(pc, 1), load<u8>(base + at));
        pc += 3;
        break;
      case op.BEHIND:
        isAlive = at > 0 && has(load<u16>(pc, 1), load<u8>(base + at - 1));
        pc += 3;
        break;
      case op.NOT_BEHIND:
        isAlive = at <= 0 || !has(load<u16>(pc, 1), load<u8>(base + at - 1));
        pc += 3;
        break;
      case op.LOOK: {
        const found = run(code, pc + 4 - code, base, size, at, top) >= 0;
        isAlive = found !== (load<u8>(pc, 1) === 1);
        pc = code + load<u16>(pc, 2);
        break;
      }
      case op.BACK:
        at -= <i32>load<u8>(pc, 1);
        isAlive = at >= 0;
        pc += 2;
        break;
      case op.RESET: {
        const last = <usize>load<u8>(pc, 2);
        for (let slot = <usize>load<u8>(pc, 1); slot <= last; slot++) {
          push(top++, SAVED | <u32>slot, load<i32>(slots + (slot << 2)), 0);
          store<i32>(slots + (slot << 2), -1);
        }
        pc += 3;
        break;
      }
      case op.SPLIT_LAZY:
        push(top++, <u32>(pc + 3 - code), at, 0);
        pc = code + load<u16>(pc, 1);
        break;
      default:
        unreachable();
    }
    if (isAlive) {
      if (top < MOST_PENDING - 2 * GROUPS) continue;
      isSpent = true;
      return -1;
    }
    // Takes back what was saved, and goes on where there was another way.
    while (true) {
      if (top === floor) return -1;
      if (--fuel < 0) {
        isSpent = true;
        return -1;
      }
      const entry = stack + (<usize>(top - 1) << 4);
      const where = load<u32>(entry);
      at = load<i32>(entry, 4);
      if ((where & SAVED) !== 0) {
        top--;
        store<i32>(slots + (<usize>(where & 0xff) << 2), at);
        continue;
      }
      pc = code + (where & 0xffff);
      if ((where & RANGE) !== 0) {
        const least = load<i32>(entry, 8);
        const next = <u32>load<u16>(pc, 7);
        if (next !== 0xffff) {
          const before = at;
          while (at >= least && !has(next, load<u8>(base + at))) at--;
          fuel -= (before - at) >> 2;
        }
        if (at > least) store<i32>(entry, at - 1, 4);
        else top--;
        if (at < least) continue;
        pc += 9;
      } else if ((where & LAZY) !== 0) {
        const limit = load<i32>(entry, 8);
        if (!has(load<u16>(pc, 1), load<u8>(base + at))) {
          top--;
          continue;
        }
        at++;
        if (at < limit) store<i32>(entry, at, 4);
        else top--;
        pc += 9;
      } else top--;
      break;
    }
  }
}
