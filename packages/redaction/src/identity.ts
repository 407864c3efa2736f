import { matchesOf } from "./matches.ts";
import { luhn } from "./iin.ts";
import { before, DIGITS, type Rule, type Sight, type Span } from "./rule.ts";

/** National identifiers whose form is enough to know them by. */
export const identity: Rule = {
  name: "identity",
  needs: DIGITS,
  find,
  removes: [
    "customer 536-22-8726",
    "customer 63-1234567F12",
    "kra A123456789Z",
    "id 8001015009087",
    "63-1234567 F 12",
  ],
  keeps: ["000-12-3456", "666-12-3456", "20-00-00", "2026-11-21", "1748503543012", "NLJ7RT61SV"],
};

function find(sight: Sight): Span[] {
  const { text } = sight.view;
  const spans: Span[] = [];
  const add = (start: number, end: number, detector: string): void => {
    spans.push({ start, end, class: "pii", marker: "[id]", detector });
  };
  // United States: never area 000, 666 or 9xx, group 00 or serial 0000.
  for (const { index } of matchesOf(
    text,
    /(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)/g,
  )) {
    add(index, index + 11, "us-ssn");
  }
  for (const { index, 0: whole } of matchesOf(
    text,
    /(?<![\w-])\d{2}[- ]?\d{6,7} ?[A-Z] ?\d{2}(?![\w-])/g,
  )) {
    add(index, index + whole.length, "zw-id");
  }
  for (const { index, 0: whole } of matchesOf(text, /(?<![\w-])GHA-\d{9}-\d(?![\w-])/g)) {
    add(index, index + whole.length, "gh-id");
  }
  for (const { index } of matchesOf(text, /(?<![A-Za-z0-9])[AP]\d{9}[A-Z](?![A-Za-z0-9])/g)) {
    add(index, index + 11, "ke-tax-pin");
  }
  for (const { index, 0: digits } of matchesOf(text, /(?<![\w.])\d{13}(?![\w]|\.\d)/g)) {
    if (isSouthAfrican(digits) && !isEpoch(sight, index, digits)) add(index, index + 13, "za-id");
  }
  return spans;
}

// Date of birth, sequence, citizenship, an 8 or a 9, and a check digit.
function isSouthAfrican(digits: string): boolean {
  const month = Number(digits.slice(2, 4));
  const day = Number(digits.slice(4, 6));
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  return /^\d{10}[012][89]\d$/.test(digits) && luhn(digits);
}

// Milliseconds since 1970, from 2017 to 2039, look like births in 15 to 21.
function isEpoch(sight: Sight, index: number, digits: string): boolean {
  const milliseconds = Number(digits);
  if (milliseconds < 1.5e12 || milliseconds > 2.2e12) return false;
  return !/(?:^|[^a-z])(?:id|identity|rsa|national)(?![a-z])/.test(before(sight, index, 32));
}
