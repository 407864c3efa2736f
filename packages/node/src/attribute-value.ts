/** What {@link cleanValue} gives for a value that no attribute can have. */
export const INVALID: unique symbol = Symbol("invalid");

/**
 * Gives an attribute's value as a span keeps it: of its own, so that the application may go on changing what it gave.
 *
 * Text, numbers, booleans, null, bytes, and arrays and plain objects of these are values; a property that is undefined
 * is left out. Anything else is {@link INVALID}, also what contains itself, throws when it is read or is too deep to be
 * walked. Values are never cut here: half a card number is not recognised as one.
 */
export function cleanValue(value: unknown): unknown {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  try {
    return copyOf(value, []);
  } catch {
    return INVALID;
  }
}

function copyOf(value: unknown, inside: object[]): unknown {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "object":
      break;
    default:
      return INVALID;
  }
  if (value === null) return null;
  // Not slice, which of a Buffer shares its memory.
  if (value instanceof Uint8Array) {
    return Buffer.isBuffer(value) ? Buffer.from(value) : new Uint8Array(value);
  }
  if (inside.includes(value)) return INVALID;
  inside.push(value);
  const copy = Array.isArray(value) ? copyArray(value, inside) : copyObject(value, inside);
  inside.pop();
  return copy;
}

function copyArray(values: readonly unknown[], inside: object[]): unknown {
  const copies: unknown[] = [];
  for (const value of values) {
    const copy = value === undefined ? undefined : copyOf(value, inside);
    if (copy === INVALID) return INVALID;
    copies.push(copy);
  }
  return copies;
}

function copyObject(value: object, inside: object[]): unknown {
  if (value.constructor !== Object && value.constructor !== undefined) return INVALID;
  const copies: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const copy = copyOf(inner, inside);
    if (copy === INVALID) return INVALID;
    copies[key] = copy;
  }
  return copies;
}
