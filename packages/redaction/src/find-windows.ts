import { findIn, type Found } from "./find-in.ts";

// UTF-16 units; three bytes each at most, so that a window is below what the engine scans of one text.
const WINDOW = 16_384;
// What is found is taken from the window that shows this much on both sides of its beginning.
const CONTEXT = 2_048;

/** `findIn` for a text of any length, of which the engine would scan the beginning alone. */
export function findInWindows(text: string, key: string): Found[] {
  if (text.length <= WINDOW) return findIn(text, key);
  const found: Found[] = [];
  let bytes = 0;
  let reached = 0;
  for (let from = 0; ;) {
    const end = from + WINDOW >= text.length ? text.length : boundary(text, from + WINDOW);
    const isLast = end === text.length;
    const next = isLast ? end : boundary(text, end - 2 * CONTEXT);
    const limit = isLast ? Infinity : bytes + Buffer.byteLength(text.slice(from, end - CONTEXT));
    for (const one of findIn(text.slice(from, end), key)) {
      const start = one.start + bytes;
      if (start < reached || start >= limit) continue;
      found.push({ ...one, start, end: one.end + bytes });
      reached = one.end + bytes;
    }
    if (isLast) return found;
    reached = Math.max(reached, limit);
    bytes += Buffer.byteLength(text.slice(from, next));
    from = next;
  }
}

// Not between the halves of a surrogate pair.
function boundary(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at;
}
