/** Finds the event that breaks the server, among events that fail because the server is ill. */
export interface Blame<Key> {
  /** An event was taken. */
  accepted(key: Key): void;
  /** The server failed on this event; `true` when the event is to blame and is not to be sent again. */
  failed(key: Key): boolean;
}

const MOST_FAILURES = 5;
const REMEMBERED = 1_000;

/**
 * Makes the judge: an event is to blame when the server failed on it five times and took others in between.
 *
 * Without it one such event holds up all behind it, in the process and in the Collector's queue, for ever.
 */
export function createBlame<Key>(): Blame<Key> {
  const failures = new Map<Key, { count: number; acceptedBefore: number }>();
  let accepted = 0;
  return {
    accepted(key) {
      accepted += 1;
      failures.delete(key);
    },
    failed(key) {
      const { count, acceptedBefore } = failures.get(key) ?? { count: 0, acceptedBefore: accepted };
      failures.delete(key);
      if (count + 1 >= MOST_FAILURES && accepted > acceptedBefore) return true;
      failures.set(key, { count: count + 1, acceptedBefore });
      for (const oldest of failures.keys()) {
        if (failures.size <= REMEMBERED) break;
        failures.delete(oldest);
      }
      return false;
    },
  };
}
