// Sixteen characters at once.

// The lanes that have a bit, which is moved to the top of each.
// @ts-ignore: decorator
@inline
export function bitOf(kinds: v128, shift: i32): u64 {
  return <u64>i8x16.bitmask(i16x8.shl(kinds, shift));
}
