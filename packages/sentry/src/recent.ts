/** The newest `limit` keys that were added. */
export interface Recent {
  has(key: string): boolean;
  add(key: string): void;
}

/** The newest `limit` keys with what was set for them. */
export interface RecentMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** Makes a map that forgets its oldest keys. */
export function createRecentMap<Value>(limit: number): RecentMap<Value> {
  const values = new Map<string, Value>();
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      for (const oldest of values.keys()) {
        if (values.size <= limit) break;
        values.delete(oldest);
      }
    },
  };
}

/** Makes a set that forgets its oldest keys, so that remembering what was sent never grows without bound. */
export function createRecent(limit: number): Recent {
  const keys = createRecentMap<true>(limit);
  return {
    has: (key) => keys.get(key) !== undefined,
    add(key) {
      keys.set(key, true);
    },
  };
}
