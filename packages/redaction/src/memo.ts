const LIMIT = 4096;

/** Remembers what `make` gave for the newest few thousand texts; memory does not grow with what callers choose. */
export function createMemo<Value>(make: (text: string) => Value): (text: string) => Value {
  // Two maps, of which the older is thrown away whole: what is used moves to the newer one, and nothing is sorted.
  let newer = new Map<string, { value: Value }>();
  let older = new Map<string, { value: Value }>();
  return (text) => {
    const known = newer.get(text);
    if (known !== undefined) return known.value;
    const entry = older.get(text) ?? { value: make(text) };
    if (newer.size >= LIMIT) {
      older = newer;
      newer = new Map();
    }
    newer.set(text, entry);
    return entry.value;
  };
}
