// Sixteen characters at once, and 64.

// For each byte sixteen of it. A constant in the code costs several instructions, a load costs one.
const ROWS: usize = memory.data(4096, 16);
for (let byte: usize = 0; byte < 256; byte++) memory.fill(ROWS + (byte << 4), <u8>byte, 16);

/** Sixteen times the byte. */
export function all(byte: usize): v128 {
  return v128.load(ROWS + (byte << 4));
}

// Unsigned comparisons cost more than signed ones, so each range is moved to the lowest numbers.

/** The lanes with a digit. */
export function digitsOf(chars: v128): v128 {
  return i8x16.lt_s(i8x16.add(chars, all(80)), all(138));
}

/** The lanes with a letter. */
export function lettersOf(chars: v128): v128 {
  return i8x16.lt_s(i8x16.add(v128.or(chars, all(32)), all(31)), all(154));
}

// The lanes that have a bit, which is moved to the top of each.
export function bitOf(kinds: v128, shift: i32): u64 {
  return <u64>i8x16.bitmask(i16x8.shl(kinds, shift));
}

export function bitsOf(one: v128, two: v128, three: v128, four: v128, shift: i32): u64 {
  return (
    bitOf(one, shift) | (bitOf(two, shift) << 16) | (bitOf(three, shift) << 32) | (bitOf(four, shift) << 48)
  );
}
