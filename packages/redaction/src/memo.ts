const LIMIT = 4096;

/** A map that keeps the newest `limit` keys, or up to twice as many. */
interface Generations<Value> {
  get(key: string): { value: Value } | undefined;
  set(key: string, value: Value): void;
}

/** Remembers what `make` gave for the newest few thousand texts; memory does not grow with what callers choose. */
export function createMemo<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = createGenerations<Value>(LIMIT);
  return (text) => {
    const entry = known.get(text);
    if (entry !== undefined) return entry.value;
    const value = make(text);
    known.set(text, value);
    return value;
  };
}

/** A set that keeps the newest `limit` texts, or up to twice as many. */
export function createRecent(limit: number): {
  has(text: string): boolean;
  add(text: string): void;
} {
  const known = createGenerations<true>(limit);
  return {
    has: (text) => known.get(text) !== undefined,
    add: (text) => known.set(text, true),
  };
}

// Two maps, of which the older is thrown away whole: what is used moves to the newer one, and nothing is sorted.
function createGenerations<Value>(limit: number): Generations<Value> {
  let newer = new Map<string, { value: Value }>();
  let older = new Map<string, { value: Value }>();
  const keep = (key: string, entry: { value: Value }): void => {
    if (newer.size >= limit) {
      older = newer;
      newer = new Map();
    }
    newer.set(key, entry);
  };
  return {
    get(key) {
      const known = newer.get(key);
      if (known !== undefined) return known;
      const entry = older.get(key);
      if (entry !== undefined) keep(key, entry);
      return entry;
    },
    set: (key, value) => keep(key, { value }),
  };
}
