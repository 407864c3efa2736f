/** The newest `limit` keys that were added. */
export interface Recent {
  has(key: string): boolean;
  add(key: string): void;
}

/** Makes a set that forgets its oldest keys, so that remembering what was sent never grows without bound. */
export function createRecent(limit: number): Recent {
  const keys = new Set<string>();
  return {
    has: (key) => keys.has(key),
    add(key) {
      keys.delete(key);
      keys.add(key);
      for (const oldest of keys) {
        if (keys.size <= limit) break;
        keys.delete(oldest);
      }
    },
  };
}
