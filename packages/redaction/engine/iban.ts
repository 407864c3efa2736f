// International bank account numbers by country length and check digits (ISO 13616).

import { isAlphanumeric, isDigit, isLetter } from "./ascii";
import { BY_IBAN, MARK_IBAN, PII } from "./codes";
import { IBAN_HEAD } from "./generated/patterns";
import { end, search, start } from "./match";
import { add } from "./spans";
import * as view from "./view";

// Total length by country, in order of countries: SWIFT registry release 100, and the countries that use the format
// without being in it.
const LENGTHS: string =
  "AD24AE23AL28AO25AT20AZ28BA20BE16BF28BG22BH22BI27BJ28BL27BR29BY28CF27CG27CH21CI28CM27CR22CV25CY28CZ24DE22DJ27DK18" +
  "DO28DZ26EE20EG29ES24FI18FK18FO18FR27GA27GB22GE22GF27GI23GL18GP27GQ27GR27GT28GW25HN28HR21HU28IE22IL23IQ23IR26IS26" +
  "IT27JO30KM27KW30KZ20LB28LC32LI21LT20LU20LV21LY25MA28MC27MD24ME22MF27MG27MK19ML28MN20MQ27MR27MT31MU30MZ25NC27NE28" +
  "NI28NL18NO15OM23PF27PK24PL28PM27PS29PT25QA29RE27RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SN28SO23ST25SV28TD27TF27" +
  "TG28TL23TN24TR26UA29VA22VG24WF27XK20YE30YT27";
const ENTRY: i32 = 4;

// A bit for each second letter, by the first.
const COUNTRIES: usize = memory.data(32 * 4, 8);
for (let at = 0; at < LENGTHS.length; at += ENTRY) {
  const row = COUNTRIES + (<usize>(LENGTHS.charCodeAt(at) & 31) << 2);
  store<u32>(row, load<u32>(row) | (<u32>1 << (LENGTHS.charCodeAt(at + 1) & 31)));
}

const compact: usize = memory.data(40, 8);

export function findIban(): void {
  for (let at = 0; search(IBAN_HEAD, view.text, view.length, at);) {
    at = end(0);
    const from = start(1);
    const to = endOfIban(from);
    if (to < 0) continue;
    add(from, to, PII, MARK_IBAN, BY_IBAN, false);
    at = to;
  }
}

/** Where the number that begins at `from` ends; -1 when there is none. */
export function endOfIban(from: i32): i32 {
  const size = lengthOf(view.at(from) & 0xdf, view.at(from + 1) & 0xdf);
  if (size === 0) return -1;
  const to = copy(from, size);
  return to < 0 || !isValid(size) ? -1 : to;
}

/** Whether the two letters, in either case, are of a country that has such numbers. */
export function isCountry(first: u8, second: u8): bool {
  return ((load<u32>(COUNTRIES + (<usize>(first & 31) << 2)) >> (second & 31)) & 1) !== 0;
}

function lengthOf(first: u8, second: u8): i32 {
  let low = 0;
  let high = LENGTHS.length / ENTRY;
  const wanted = ((<i32>first) << 8) | <i32>second;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = middle * ENTRY;
    const country = (LENGTHS.charCodeAt(at) << 8) | LENGTHS.charCodeAt(at + 1);
    if (country === wanted)
      return (LENGTHS.charCodeAt(at + 2) - 48) * 10 + LENGTHS.charCodeAt(at + 3) - 48;
    if (country < wanted) low = middle + 1;
    else high = middle;
  }
  return 0;
}

// Copies the letters and digits without what sets groups apart; gives where they end, or -1.
function copy(from: i32, size: i32): i32 {
  let count = 0;
  let at = from;
  let isApart = false;
  for (; count < size; at++) {
    const byte = view.at(at);
    if (isAlphanumeric(byte)) {
      store<u8>(compact + count++, isLetter(byte) ? byte & 0xdf : byte);
      isApart = false;
    } else if (!isApart && isSeparator(byte)) {
      isApart = true;
    } else {
      return -1;
    }
  }
  return isAlphanumeric(view.at(at)) ? -1 : at;
}

// Space, tab, line feed and - . _ + /
function isSeparator(byte: u8): bool {
  return (
    byte === 32 ||
    byte === 9 ||
    byte === 10 ||
    byte === 43 ||
    (byte >= 45 && byte <= 47) ||
    byte === 95
  );
}

function isValid(size: i32): bool {
  // 98 less a remainder: from 02 to 98.
  const check = (<u32>load<u8>(compact, 2) - 48) * 10 + (<u32>load<u8>(compact, 3) - 48);
  if (check < 2 || check > 98) return false;
  let remainder: u32 = 0;
  for (let index = 0; index < size; index++) {
    const byte = load<u8>(compact + ((index + 4) % size));
    const value: u32 = isDigit(byte) ? byte - 48 : byte - 55;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
