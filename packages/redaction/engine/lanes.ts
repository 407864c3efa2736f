// Sixteen characters at once, and 64.

// The lanes that have a bit, which is moved to the top of each.
export function bitOf(kinds: v128, shift: i32): u64 {
  return <u64>i8x16.bitmask(i16x8.shl(kinds, shift));
}

export function bitsOf(one: v128, two: v128, three: v128, four: v128, shift: i32): u64 {
  return (
    bitOf(one, shift) | (bitOf(two, shift) << 16) | (bitOf(three, shift) << 32) | (bitOf(four, shift) << 48)
  );
}
