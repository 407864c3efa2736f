const LIMIT = 4096;

/** Remembers what `make` gave for the newest few thousand texts; memory does not grow with what callers choose. */
export function createMemo<Value>(make: (text: string) => Value): (text: string) => Value {
  let newer = new Map<string, Value>();
  let older = new Map<string, Value>();
  return (text) => {
    const known = newer.get(text);
    if (known !== undefined || newer.has(text)) return known as Value;
    const value = older.has(text) ? (older.get(text) as Value) : make(text);
    if (newer.size >= LIMIT) {
      older = newer;
      newer = new Map();
    }
    newer.set(text, value);
    return value;
  };
}

/** A set that keeps the newest `limit` texts, or up to twice as many. */
export function createRecent(limit: number): {
  has(text: string): boolean;
  add(text: string): void;
} {
  let newer = new Set<string>();
  let older = new Set<string>();
  const add = (text: string): void => {
    if (newer.size >= limit) {
      older = newer;
      newer = new Set();
    }
    newer.add(text);
  };
  return {
    has(text) {
      if (newer.has(text)) return true;
      if (!older.has(text)) return false;
      add(text);
      return true;
    },
    add,
  };
}
