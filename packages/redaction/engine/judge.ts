// The verdict on a value that stands under a key.

import { reserve } from "./arena";
import {
  CREDENTIAL,
  IN_PROSE,
  KIND_ACCOUNT,
  KIND_AUTH,
  KIND_COOKIE,
  KIND_CVV,
  KIND_EMAIL,
  KIND_ID,
  KIND_MAYBE,
  KIND_NAME,
  KIND_PAN,
  KIND_PHONE,
  KIND_PHRASE,
  KIND_PIN,
  KIND_SAD,
  KIND_SECRET,
  KIND_TOKEN,
  MARK_ACCOUNT,
  MARK_CARD,
  MARK_CREDENTIAL,
  MARK_EMAIL,
  MARK_ID,
  MARK_PHONE,
  MARK_SAD,
  PCI_CHD,
  PCI_SAD,
  PII,
  QUOTED,
} from "./codes";
import {
  JUDGE_ABSENT,
  JUDGE_ADDRESS,
  JUDGE_CARD_TEXT,
  JUDGE_CODE,
  JUDGE_DATE,
  JUDGE_EQUALS,
  JUDGE_LETTERS,
  JUDGE_NAME,
  JUDGE_PIN,
  JUDGE_PLACEHOLDER,
  JUDGE_PROSE,
  JUDGE_SCHEME,
  JUDGE_SORT_CODE,
  JUDGE_TEMPLATE,
  JUDGE_TIMESTAMP,
  JUDGE_TOKEN_WORD,
} from "./generated/patterns";
import { isPair } from "./base64";
import { cardStrength, luhn } from "./iin";
import { isMarker, isMasked } from "./marks";
import { search } from "./match";
import { isOpaque } from "./opaque";
import { isDigit, isSpace } from "./ascii";

const MASKED: u32 = 1 << 24;
const MOST_DIGITS: i32 = 24;
const digits: usize = reserve(MOST_DIGITS);

/**
 * What becomes of a value under a key of this kind: class, marker << 8, detector << 16, mask << 24; 0 when the value
 * is not one, for instance a placeholder, a word about it, or masked already. `form` is QUOTED, ASSIGNED or IN_PROSE.
 */
export function judge(kind: i32, address: usize, size: i32, form: i32): u32 {
  let from = address;
  let left = size;
  while (left > 0 && isSpace(load<u8>(from))) {
    from++;
    left--;
  }
  while (left > 0 && isSpace(load<u8>(from + left - 1))) left--;
  if (left === 0 || isMarker(from, left) || isMasked(from, left)) return 0;
  if (search(JUDGE_ABSENT, from, left, 0) || search(JUDGE_PLACEHOLDER, from, left, 0)) return 0;
  if (kind === KIND_PAN) return card(from, left);
  return isValue(kind, from, left, form) ? verdictOf(kind) : 0;
}

/** Class, marker and detector of a value that is of this kind. */
export function verdictOf(kind: i32): u32 {
  let dataClass: u32 = CREDENTIAL;
  let marker: u32 = MARK_CREDENTIAL;
  if (kind === KIND_CVV || kind === KIND_PIN || kind === KIND_SAD) {
    dataClass = PCI_SAD;
    marker = MARK_SAD;
  } else if (kind === KIND_PAN || kind === KIND_NAME) {
    dataClass = PCI_CHD;
    marker = MARK_CARD;
  } else if (kind >= KIND_EMAIL) {
    dataClass = PII;
    if (kind === KIND_EMAIL) marker = MARK_EMAIL;
    else if (kind === KIND_PHONE) marker = MARK_PHONE;
    else if (kind === KIND_ACCOUNT) marker = MARK_ACCOUNT;
    else marker = MARK_ID;
  }
  return dataClass | (marker << 8) | ((<u32>kind) << 16);
}

function card(address: usize, size: i32): u32 {
  let count = 0;
  for (let at = 0; at < size; at++) {
    const byte = load<u8>(address + at);
    if (!isDigit(byte)) continue;
    if (count === MOST_DIGITS) return 0;
    store<u8>(digits + count++, byte);
  }
  if (count < 12 || search(JUDGE_LETTERS, address, size, 0)) return 0;
  const verdict = verdictOf(KIND_PAN);
  if (count > 19 || !search(JUDGE_CARD_TEXT, address, size, 0) || !luhn(digits, count))
    return verdict;
  const isCard = count >= 14 || cardStrength(digits, count) !== 0;
  return isCard && count >= 15 ? verdict | MASKED : verdict;
}

function countDigits(address: usize, size: i32): i32 {
  let count = 0;
  for (let at = 0; at < size; at++) if (isDigit(load<u8>(address + at))) count++;
  return count;
}

function isValue(kind: i32, address: usize, size: i32, form: i32): bool {
  switch (kind) {
    case KIND_SECRET:
    case KIND_PHRASE:
      return !isProse(address, size, form);
    case KIND_TOKEN:
      if (isProse(address, size, form) || search(JUDGE_TOKEN_WORD, address, size, 0)) return false;
      return form === QUOTED ? size >= 4 : isOpaque(address, size, 6) || size >= 20;
    case KIND_MAYBE:
      return (
        isOpaque(address, size, 16) &&
        countDigits(address, size) > 0 &&
        !search(JUDGE_TIMESTAMP, address, size, 0)
      );
    case KIND_AUTH:
      if (search(JUDGE_TEMPLATE, address, size, 0)) return false;
      return (
        search(JUDGE_SCHEME, address, size, 0) ||
        isOpaque(address, size, 8) ||
        isPair(address, size)
      );
    case KIND_COOKIE:
      return search(JUDGE_EQUALS, address, size, 0) || isOpaque(address, size, 8);
    case KIND_CVV:
      return search(JUDGE_CODE, address, size, 0) || isOpaque(address, size, 12);
    case KIND_PIN:
      return search(JUDGE_PIN, address, size, 0) || isOpaque(address, size, 16);
    case KIND_SAD:
      return countDigits(address, size) > 0 || isOpaque(address, size, 12);
    case KIND_NAME:
      return search(JUDGE_NAME, address, size, 0) && !isProse(address, size, form);
    case KIND_EMAIL:
      return search(JUDGE_ADDRESS, address, size, 0);
    case KIND_PHONE: {
      const count = countDigits(address, size);
      return count >= 7 && count <= 17 && count * 2 >= size;
    }
    case KIND_ACCOUNT: {
      const isLong = countDigits(address, size) >= (form === QUOTED ? 6 : 7) && size <= 64;
      return isLong || search(JUDGE_SORT_CODE, address, size, 0);
    }
    case KIND_ID:
      return (
        (countDigits(address, size) >= 5 && size <= 40) || search(JUDGE_DATE, address, size, 0)
      );
    default:
      return false;
  }
}

function isProse(address: usize, size: i32, form: i32): bool {
  return form === IN_PROSE && search(JUDGE_PROSE, address, size, 0);
}
