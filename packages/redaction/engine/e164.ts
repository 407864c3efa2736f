// A phone number in one form, so that all spellings of it have one pseudonym (ITU-T E.164, without the plus).

import { isDigit } from "./ascii";

const NIGERIA: i32 = 234;
const KENYA: i32 = 254;

/**
 * Writes the digits of a number with its country code; gives how many there are, at most `room`.
 *
 * Of a number without one the country is told by its length: Nigeria has eleven digits with the zero, and 07, 01, 7 and
 * 1 are Kenyan. Of others it is not known, and the digits are as they were written.
 */
export function toE164(address: usize, size: i32, into: usize, room: i32): i32 {
  let count = 0;
  let isTrunkSeen = false;
  for (let at = 0; at < size && count < room - 3; at++) {
    const byte = load<u8>(address + at);
    if (!isDigit(byte)) continue;
    // The trunk zero of +254 (0) 712 345678.
    if (byte === 48 && !isTrunkSeen && isBracketed(address, size, at)) isTrunkSeen = true;
    else store<u8>(into + count++, byte);
  }
  if (startsWith(into, count, 48, 48)) count = cut(into, count, 0, 2);
  else if (count > 13 && startsWith(into, count, 48, 49)) count = cut(into, count, 0, 3);
  const code = codeBeforeTrunk(into, count);
  if (code > 0) return cut(into, count, code, 1);
  if (count < 9 || count > 11 || load<u8>(address) === 43) return count;
  return withCountry(into, count);
}

function isBracketed(address: usize, size: i32, at: i32): bool {
  return (
    at > 0 &&
    at + 1 < size &&
    load<u8>(address + at - 1) === 40 &&
    load<u8>(address + at + 1) === 41
  );
}

function startsWith(digits: usize, count: i32, first: u8, second: u8): bool {
  return count > 1 && load<u8>(digits) === first && load<u8>(digits, 1) === second;
}

function cut(digits: usize, count: i32, from: i32, by: i32): i32 {
  memory.copy(digits + from, digits + from + by, count - from - by);
  return count - by;
}

/** The length of a country code after which a trunk zero stands: 25x, 23x, 26x and 27. */
export function codeBeforeTrunk(digits: usize, count: i32): i32 {
  if (count < 4 || load<u8>(digits) !== 50) return 0;
  const second = load<u8>(digits, 1);
  if (second === 55 && load<u8>(digits, 2) === 48) return 2;
  const isAfrican = second === 53 || second === 51 || second === 54;
  return isAfrican && load<u8>(digits, 3) === 48 ? 3 : 0;
}

function withCountry(digits: usize, count: i32): i32 {
  const first = load<u8>(digits);
  const isTrunk = first === 48;
  const start = isTrunk ? load<u8>(digits, 1) : first;
  const isKenyan = start === 49 || start === 55;
  const national = isTrunk ? cut(digits, count, 0, 1) : count;
  if (isTrunk && count === 11) return prefixed(digits, national, NIGERIA);
  if (national === 9 && isKenyan) return prefixed(digits, national, KENYA);
  if (isTrunk) {
    memory.copy(digits + 1, digits, national);
    store<u8>(digits, 48);
    return count;
  }
  // Ten digits of which neither the first nor the fourth is 0 or 1 are American.
  const isAmerican = count === 10 && first >= 50 && load<u8>(digits, 3) >= 50;
  return isAmerican ? prefixed(digits, count, 1) : count;
}

function prefixed(digits: usize, count: i32, code: i32): i32 {
  const size = code > 9 ? 3 : 1;
  memory.copy(digits + size, digits, count);
  let left = code;
  for (let at = size - 1; at >= 0; at--) {
    store<u8>(digits + at, <u8>(48 + (left % 10)));
    left /= 10;
  }
  return count + size;
}
