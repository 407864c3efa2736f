// Kinds of bytes in a view. What is not ASCII is none of them.

export function isDigit(byte: u8): bool {
  return <u32>(byte - 48) < 10;
}

export function isLetter(byte: u8): bool {
  return <u32>((byte | 32) - 97) < 26;
}

export function isAlphanumeric(byte: u8): bool {
  return isDigit(byte) || isLetter(byte);
}

/** Letters, digits and `_`. */
export function isWord(byte: u8): bool {
  return isDigit(byte) || isLetter(byte) || byte === 95;
}

export function isHex(byte: u8): bool {
  return isDigit(byte) || <u32>((byte | 32) - 97) < 6;
}

export function isSpace(byte: u8): bool {
  return byte === 32 || <u32>(byte - 9) < 5;
}

/** The value of a hexadecimal digit. */
export function hexValue(byte: u8): u8 {
  return isDigit(byte) ? byte - 48 : (byte | 32) - 87;
}

/** A letter in lower case, everything else as it is. */
export function lower(byte: u8): u8 {
  return <u32>(byte - 65) < 26 ? byte | 32 : byte;
}

/** Copies the digits among the bytes, at most `room` of them; gives how many there are. */
export function digitsOf(address: usize, size: i32, into: usize, room: i32): i32 {
  let count = 0;
  for (let index = 0; index < size; index++) {
    const byte = load<u8>(address + index);
    if (!isDigit(byte)) continue;
    if (count < room) store<u8>(into + count, byte);
    count++;
  }
  return count;
}
