/** Values of one key in which nothing was found: methods, states and routes are said again and again. */
export interface Recent {
  known: Set<string>;
  asked: number;
  hits: number;
  /** So many values are not looked up, because most of the last were new. */
  rest: number;
}

/** Remembers clean values by key, and not more than a few thousand in all. */
export interface Recents {
  /** Whether the value was clean not long ago. */
  has(recent: Recent, text: string): boolean;
  add(recent: Recent, text: string): void;
}

const LONGEST = 64;
const MOST = 64;
const MOST_OF_ALL = 8192;
const ROUND = 256;
const REST = 64 * ROUND;
// What is longer may be a part of a longer string, which it would keep alive.
const LONGEST_OWN = 12;

export function createRecent(): Recent {
  return { known: new Set(), asked: 0, hits: 0, rest: 0 };
}

export function createRecents(): Recents {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let remembered = 0;
  // Those that hold something.
  const holders = new Set<Recent>();
  const empty = (recent: Recent): void => {
    remembered -= recent.known.size;
    recent.known.clear();
    holders.delete(recent);
  };
  const weigh = (recent: Recent): void => {
    if (recent.hits * 2 < recent.asked) {
      recent.rest = REST;
      empty(recent);
    }
    recent.asked = 0;
    recent.hits = 0;
  };
  return {
    has(recent, text) {
      if (text.length > LONGEST) return false;
      if (recent.rest > 0) {
        recent.rest--;
        return false;
      }
      const isKnown = recent.known.has(text);
      if (isKnown) recent.hits++;
      if (++recent.asked === ROUND) weigh(recent);
      return isKnown;
    },
    add(recent, text) {
      if (recent.rest > 0 || text.length > LONGEST) return;
      if (remembered >= MOST_OF_ALL) for (const holder of holders) empty(holder);
      else if (recent.known.size >= MOST) empty(recent);
      const { size } = recent.known;
      if (size === 0) holders.add(recent);
      recent.known.add(text.length > LONGEST_OWN ? decoder.decode(encoder.encode(text)) : text);
      remembered += recent.known.size - size;
    },
  };
}
