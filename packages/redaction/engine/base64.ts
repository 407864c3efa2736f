// Base64 with either alphabet, read as Node reads it: it ends at `=`, and what is not of the alphabet is passed over.

import { reserve } from "./arena";
import { isLetter } from "./ascii";

// No credential that is asked about is longer: rules/tokens.ts, `credentials`.
const LONGEST: i32 = 4096;
const decoded: usize = reserve(LONGEST);

/** Decodes as many whole bytes as there are; gives their number. `into` has room for three quarters of `size`. */
export function decodeBase64(address: usize, size: i32, into: usize): i32 {
  let bits: u32 = 0;
  let held = 0;
  let count = 0;
  for (let index = 0; index < size; index++) {
    const byte = load<u8>(address + index);
    if (byte === 61) break;
    const value = valueOf(byte);
    if (value < 0) continue;
    bits = (bits << 6) | <u32>value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    store<u8>(into + count++, <u8>(bits >> held));
  }
  return count;
}

/** Whether a name and a password are in it, set apart by a colon. */
export function hasColon(address: usize, size: i32): bool {
  const count = decodeBase64(address, min(size, LONGEST), decoded);
  for (let index = 0; index < count; index++) if (load<u8>(decoded + index) === 58) return true;
  return false;
}

/** Whether the first word is a name and a password, set apart by a colon, and nothing but text. */
export function isPair(address: usize, size: i32): bool {
  let end = 0;
  while (end < min(size, LONGEST) && load<u8>(address + end) > 32) end++;
  const count = decodeBase64(address, end, decoded);
  let colon = 0;
  for (let index = 0; index < count; index++) {
    const byte = load<u8>(decoded + index);
    if (byte < 32 || byte > 126) return false;
    if (byte === 58 && colon === 0) colon = index;
  }
  return colon > 0 && colon < count - 1;
}

function valueOf(byte: u8): i32 {
  if (isLetter(byte)) return byte > 96 ? <i32>byte - 71 : <i32>byte - 65;
  if (<u32>(byte - 48) < 10) return <i32>byte + 4;
  if (byte === 43 || byte === 45) return 62;
  return byte === 47 || byte === 95 ? 63 : -1;
}
