// The text area: what is written in place of values, and canonical texts. It is given to the host whole.

import { regrow, reserve } from "./arena";

/** No pseudonym is made of what is longer. */
export const LONGEST_CANONICAL: i32 = 256;

let area: usize = reserve(1 << 16);
let room: usize = 1 << 16;
let used: usize = 0;

export function clearTexts(): void {
  used = 0;
}

/** Address of the area. It changes when the area grows. */
export function texts(): usize {
  return area;
}

export function textOf(offset: u32): usize {
  return area + offset;
}

/** Where the next text will be put. */
export function offset(): u32 {
  return <u32>used;
}

function makeRoom(bytes: usize): void {
  if (used + bytes <= room) return;
  room = max(room << 1, (used + bytes) << 1);
  area = regrow(area, used, room);
}

/** Puts a text at the end of the area; gives its offset. The text may lie in the area itself. */
export function putText(address: usize, size: i32): u32 {
  const isInside = address >= area && address < area + used;
  const inside = address - area;
  makeRoom(size);
  memory.copy(area + used, isInside ? area + inside : address, size);
  const at = used;
  used += size;
  return <u32>at;
}

export function putByte(byte: u8): void {
  makeRoom(1);
  store<u8>(area + used++, byte);
}

/** Takes back what was put from `offset` on. */
export function cutTexts(offset: u32): void {
  used = offset;
}
