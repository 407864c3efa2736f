import { randomFillSync } from "node:crypto";

// Random bytes are cheap by the thousand.
const POOL = Buffer.alloc(4_096);
let used = POOL.length;

/** Gives a new trace id: 32 lower-case hex digits, not all of them 0. */
export function newTraceId(): string {
  return newId(16);
}

/** Gives a new span id: 16 lower-case hex digits, not all of them 0. */
export function newSpanId(): string {
  return newId(8);
}

function newId(bytes: number): string {
  if (used + bytes > POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  const id = POOL.toString("hex", used, used + bytes);
  used += bytes;
  return id.startsWith("0000") && /^0+$/.test(id) ? newId(bytes) : id;
}
