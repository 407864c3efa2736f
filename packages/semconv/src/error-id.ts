// One for the process, whatever number of copies of this package it has.
const IDS = Symbol.for("assay.error.ids");

/**
 * Gives the id of a thrown object: 32 hex digits, made by `make` when it is first asked for and the same ever after.
 *
 * It is the value of `assay.error.id` and the id of the error's event in Sentry. Reads and changes nothing of the object.
 * What is no object has no identity: each call gives what `make` gives.
 */
export function errorIdOf(error: unknown, make: () => string = newId): string {
  const ids = known();
  const found = isObject(error) ? ids.get(error) : undefined;
  if (found !== undefined) return found;
  const id = make();
  if (isObject(error)) ids.set(error, id);
  return id;
}

/** Makes `other` the same error as `error`: a readable one for one that cannot be read. */
export function sameError(error: unknown, other: object): void {
  known().set(other, errorIdOf(error));
}

function newId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

function known(): WeakMap<object, string> {
  const shared = globalThis as { [IDS]?: WeakMap<object, string> };
  shared[IDS] ??= new WeakMap();
  return shared[IDS];
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
