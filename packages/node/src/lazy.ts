/** Gives a function that calls `make` when it is first called, and then gives the same again; a throw is no result. */
export function lazy<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
