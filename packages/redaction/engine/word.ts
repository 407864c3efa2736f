// Short texts compared and written.

import { isDigit } from "./ascii";

/** Whether two digits of hexadecimal stand at `address`, letters in upper case. */
export function isUpperHexAt(address: usize): bool {
  const high = load<u8>(address);
  const low = load<u8>(address, 1);
  return (isDigit(high) || <u32>(high - 65) < 6) && (isDigit(low) || <u32>(low - 65) < 6);
}

/** Whether the bytes at `address` are the ASCII word. */
export function equals(address: usize, size: i32, word: string): bool {
  if (size !== word.length) return false;
  const chars = changetype<usize>(word);
  for (let index = 0; index < size; index++) {
    if (<u16>load<u8>(address + index) !== load<u16>(chars + ((<usize>index) << 1))) return false;
  }
  return true;
}

/** Puts an ASCII word at `address`; gives the address after it. */
export function put(address: usize, word: string): usize {
  const chars = changetype<usize>(word);
  for (let index = 0; index < word.length; index++)
    store<u8>(address + index, <u8>load<u16>(chars + ((<usize>index) << 1)));
  return address + word.length;
}
