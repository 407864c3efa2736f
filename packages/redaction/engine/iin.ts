// Issuers' prefixes and lengths (ISO/IEC 7812; the brands' own lists), and the check digit.

import { isDigit } from "./ascii";

/** How sure a prefix and a length are; STRONG needs no other sign of a card. */
export const WEAK: i32 = 1;
export const STRONG: i32 = 2;

const L12: u32 = 1 << 12;
const L13: u32 = 1 << 13;
const L14: u32 = 1 << 14;
const L15: u32 = 1 << 15;
const L16: u32 = 1 << 16;
const L17: u32 = 1 << 17;
const L18: u32 = 1 << 18;
const L19: u32 = 1 << 19;
const LONG: u32 = L17 | L18 | L19;
const OTHERS: u32 = L12 | L13 | L14 | L15 | LONG;

// First and last six digits, and the lengths that are STRONG and WEAK.
const ROW: usize = 16;
const ROWS: usize = 26;
// prettier-ignore
const RANGES: usize = memory.data<u32>([
  // Visa
  400000, 499999, L16, L13 | L18 | L19,
  // Mastercard
  510000, 559999, L16, 0,
  222100, 272099, L16, 0,
  // American Express
  340000, 349999, L15, 0,
  370000, 379999, L15, 0,
  // Diners Club
  300000, 305999, L14 | L16, L15 | LONG,
  309500, 309599, L14 | L16, L19,
  360000, 369999, L14 | L16, L15 | LONG,
  380000, 399999, L14 | L16, L19,
  // JCB; RuPay co-brands 353 and 356
  352800, 358999, L16, LONG,
  180000, 180099, 0, L15,
  213100, 213199, 0, L15,
  // Mir
  220000, 220499, L16 | LONG, 0,
  // UnionPay
  620000, 629999, L16 | LONG, L14 | L15,
  810000, 819999, L16, LONG,
  // RuPay
  820000, 829999, L16, 0,
  // Verve
  506000, 506199, L16 | L18 | L19, 0,
  507800, 507999, L16 | L18 | L19, 0,
  650002, 650027, L16 | L18 | L19, 0,
  // Maestro, Elo, RuPay 508
  500000, 509999, L16, OTHERS,
  560000, 589999, L16, OTHERS,
  // Discover 6011, RuPay, Hipercard, Maestro
  600000, 619999, L16, OTHERS,
  630000, 699999, L16, OTHERS,
  // Troy
  979200, 979299, L16, 0,
  // Uzcard
  860000, 860099, L16, 0,
  // Humo
  986000, 986099, L16, 0,
]);

/** How sure these digits are a card number by their prefix and length; the check digit is not looked at. */
export function cardStrength(digits: usize, size: i32): i32 {
  if (size < 12 || size > 19) return 0;
  let prefix: u32 = 0;
  for (let index: usize = 0; index < 6; index++)
    prefix = prefix * 10 + <u32>(load<u8>(digits + index) - 48);
  const bit: u32 = 1 << size;
  let found = 0;
  for (let row: usize = 0; row < ROWS; row++) {
    const range = RANGES + row * ROW;
    if (prefix < load<u32>(range) || prefix > load<u32>(range, 4)) continue;
    if ((load<u32>(range, 8) & bit) !== 0) return STRONG;
    if ((load<u32>(range, 12) & bit) !== 0) found = WEAK;
  }
  return found;
}

/** ISO/IEC 7812-1 annex B. */
export function luhn(digits: usize, size: i32): bool {
  let sum: u32 = 0;
  let isDoubled = false;
  for (let index = size - 1; index >= 0; index--) {
    const digit = <u32>(load<u8>(digits + index) - 48);
    sum += !isDoubled ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}

/** Digits that can be a card number by prefix, length and check digit. */
export function isCard(digits: usize, size: i32): bool {
  return size >= 12 && size <= 19 && luhn(digits, size) && cardStrength(digits, size) > 0;
}

/** Whether it is one digit over and over. */
export function isRepeated(digits: usize, size: i32): bool {
  for (let index = 1; index < size; index++)
    if (load<u8>(digits + index) !== load<u8>(digits)) return false;
  return size > 1 && isDigit(load<u8>(digits));
}
