// The verdict on a value that stands under a key.

/**
 * What becomes of a value under a key of this kind: class, marker << 8, detector << 16, mask << 24; 0 when the value
 * is not one, for instance a placeholder, a word about it, or masked already. `form` is QUOTED, ASSIGNED or IN_PROSE.
 */
export function judge(kind: i32, address: usize, size: i32, form: i32): u32 {
  return 0;
}
