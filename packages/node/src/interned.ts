// Attributes have the same few keys; those from data must not fill the memory.
const MOST_KEYS = 4_096;
// A key with more values than these is an id, a path or a port: looking them up costs more than it saves.
const MOST_VALUES = 64;
const LONGEST = 64;

/** What is written of one key, and of it with the values that it often has. */
export interface Interned<Piece, Written> {
  key: Piece;
  /** Absent once the key turned out to have many values. */
  values: Map<unknown, Written> | undefined;
}

/** Gives what looks up a key, made by `begin` when it is new. */
export function internKeys<Piece, Written>(
  begin: (key: string) => Piece,
): (key: string) => Interned<Piece, Written> {
  const known = new Map<string, Interned<Piece, Written>>();
  return (key) => {
    let interned = known.get(key);
    if (interned === undefined) {
      interned = { key: begin(key), values: new Map() };
      if (known.size === MOST_KEYS) known.clear();
      known.set(key, interned);
    }
    return interned;
  };
}

/** Keeps what was written of a value that the key has not had. */
export function internValue<Written>(
  interned: Interned<unknown, Written>,
  value: unknown,
  write: () => Written,
): void {
  const { values } = interned;
  if (values === undefined || typeof value === "object") return;
  if (typeof value === "string" && value.length > LONGEST) return;
  if (values.size === MOST_VALUES) interned.values = undefined;
  else values.set(value, write());
}
