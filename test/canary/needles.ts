/** Told of what was found, and where. */
export type Hit<Found> = (found: Found, start: number, length: number) => void;

/** Characters by which a needle is looked up; no needle is shorter. */
const PREFIX = 6;

/**
 * Gives a function that finds many needles in one pass over a text.
 *
 * Thousands of needles in tens of megabytes: one `indexOf` for each would take minutes.
 */
export function createNeedles<Found>(
  needles: readonly (readonly [string, Found])[],
): (text: string, hit: Hit<Found>) => void {
  const byPrefix = new Map<string, [string, Found][]>();
  // One flag for each three characters (of their lowest seven bits) with which a needle begins.
  const begins = new Uint8Array(1 << 21);
  for (const [needle, found] of needles) {
    if (needle.length < PREFIX) throw new Error("A needle is too short to be searched alone.");
    const prefix = needle.slice(0, PREFIX);
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), [needle, found]]);
    begins[threeAt(needle, 0)] = 1;
  }
  return (text, hit) => {
    for (let start = 0; start <= text.length - PREFIX; start += 1) {
      if (begins[threeAt(text, start)] === 0) continue;
      for (const [needle, found] of byPrefix.get(text.slice(start, start + PREFIX)) ?? []) {
        if (text.startsWith(needle, start)) hit(found, start, needle.length);
      }
    }
  };
}

function threeAt(text: string, start: number): number {
  return (
    ((text.charCodeAt(start) & 127) << 14) |
    ((text.charCodeAt(start + 1) & 127) << 7) |
    (text.charCodeAt(start + 2) & 127)
  );
}
