// Whether a value looks made by a machine.

/** A word or a phrase is not; `abc123`, a digest or a long mixed string is. */
export function isOpaque(address: usize, size: i32, least: i32): bool {
  return false;
}
