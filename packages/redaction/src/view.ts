import { decodeOnce, ESCAPED } from "./escapes.ts";

/**
 * A text as the detectors read it: every spelling of a character folded to one, with the place in
 * the original that each character came from.
 */
export interface View {
  raw: string;
  text: string;
  /** Absent when nothing was decoded: then both texts are the same. */
  starts?: readonly number[];
  ends?: readonly number[];
}

// A percent-encoded JSON string inside a form inside a query is three; a fourth is an attack.
const PASSES = 4;

export function viewOf(raw: string): View {
  if (!ESCAPED.test(raw)) return { raw, text: raw };
  let { text, starts, ends, again } = decodeOnce(raw);
  for (let pass = 1; again && pass < PASSES; pass++) {
    const layer = decodeOnce(text);
    const from = starts;
    const to = ends;
    starts = layer.starts.map((at) => from[at] ?? 0);
    ends = layer.ends.map((end) => to[end - 1] ?? 0);
    ({ text, again } = layer);
  }
  return { raw, text, starts, ends };
}

/** Where the character at `index` of the view begins in the original. */
export function rawStart(view: View, index: number): number {
  return view.starts === undefined ? index : (view.starts[index] ?? view.raw.length);
}

/** Where the character before `index` of the view ends in the original. */
export function rawEnd(view: View, index: number): number {
  return view.ends === undefined ? index : index === 0 ? 0 : (view.ends[index - 1] ?? index);
}

/** How the character at `index` is written in the original. */
export function spelling(view: View, index: number): string {
  return view.raw.slice(rawStart(view, index), rawEnd(view, index + 1));
}

/** How many strings deep a quote is: `"` is 0, `\"` 1, `\\\"` 2. */
export function quoteLevel(view: View, index: number): number {
  let slashes = rawEnd(view, index + 1) - rawStart(view, index) - 1;
  let level = 0;
  while (slashes % 2 === 1) {
    level++;
    slashes = (slashes - 1) / 2;
  }
  return level;
}

/** How often the character is percent-encoded, as the length of its spelling; 0 for not at all. */
export function percentDepth(view: View, index: number): number {
  if (view.starts === undefined) return 0;
  const written = spelling(view, index);
  return written.startsWith("%") && written.length > 1 ? written.length : 0;
}
