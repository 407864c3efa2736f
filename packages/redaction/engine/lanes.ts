// Sixteen characters at once.

// The buckets of eight that have the four bytes from each place, each byte given as two halves.
export function bucketsAt(
  table: usize,
  oneLow: v128,
  oneHigh: v128,
  twoLow: v128,
  twoHigh: v128,
  threeLow: v128,
  threeHigh: v128,
  fourLow: v128,
  fourHigh: v128,
): v128 {
  let hit = v128.and(
    i8x16.swizzle(v128.load(table), oneLow),
    i8x16.swizzle(v128.load(table, 16), oneHigh),
  );
  hit = v128.and(hit, i8x16.swizzle(v128.load(table, 32), twoLow));
  hit = v128.and(hit, i8x16.swizzle(v128.load(table, 48), twoHigh));
  hit = v128.and(hit, i8x16.swizzle(v128.load(table, 64), threeLow));
  hit = v128.and(hit, i8x16.swizzle(v128.load(table, 80), threeHigh));
  hit = v128.and(hit, i8x16.swizzle(v128.load(table, 96), fourLow));
  return v128.and(hit, i8x16.swizzle(v128.load(table, 112), fourHigh));
}

// The lanes that have a bit, which is moved to the top of each.
export function bitOf(kinds: v128, shift: i32): u64 {
  return <u64>i8x16.bitmask(i16x8.shl(kinds, shift));
}

export function someOf(lanes: v128): u64 {
  return <u64>(~i8x16.bitmask(i8x16.eq(lanes, i8x16.splat(0))) & 0xffff);
}
