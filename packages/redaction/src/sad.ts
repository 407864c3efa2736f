import { matchesOf } from "./matches.ts";
import { cardStrength, luhn } from "./iin.ts";
import { DIGITS, type Rule, type Sight, type Span } from "./rule.ts";

function sad(start: number, end: number, detector: string): Span {
  return { start, end, class: "pci_sad", marker: "[sad]", detector };
}

/** Magnetic stripe and chip data by shape (ISO/IEC 7813, EMV tags 57, 5A and 9F6B). */
export const track: Rule = {
  name: "track",
  needs: DIGITS,
  find: findTracks,
  removes: [
    ";4111111111111111=29122010000012345?",
    "4111111111111111D29122010000012345F",
    "57114111111111111111D29122010000012345F9F1E08",
    "%B4111111111111111^DOE/JANE^29122010000000000?",
    "5A0841111111111111115F2403291231",
    '{"52":"A1B2C3D4E5F60718"}',
  ],
  keeps: ["4111111111111112=5", "a=1234567890123=12", "^DOE/JANE^2912"],
};

const GAP = String.raw`[\s,;:|/\-]{1,3}`;
const EXPIRY = String.raw`(?:exp(?:iry)?[ :.]{0,2})?(?:0?[1-9]|1[0-2])[\s/|:,\-]{0,2}(?:20)?[2-4]\d`;
const NUMBER = String.raw`(?<![\d*])(\d{12,19}|\d{4}(?:[ \-]\d{4}){3}|\d{4}[ \-]\d{6}[ \-]\d{5})`;
const CODE_AFTER = new RegExp(`${NUMBER}${GAP}${EXPIRY}${GAP}(\\d{3,4})(?![\\d/.-])`, "gi");
const CODE_BETWEEN = new RegExp(`${NUMBER}${GAP}(\\d{3,4})${GAP}${EXPIRY}(?!\\d)`, "gi");

/** The verification code that follows a card number and its expiry with no word to name it. */
export const trailingCode: Rule = {
  name: "trailing-code",
  needs: DIGITS,
  find: findTrailingCodes,
  removes: [
    "4111111111111111 12/29 123",
    "4111111111111111|12|2029|123",
    "4111 1111 1111 1111, 123, 12/29",
  ],
  keeps: ["4111111111111112 12/29 123", "order 12345678 12/29 123"],
};

function isCard(digits: string): boolean {
  return luhn(digits) && cardStrength(digits) !== undefined;
}

function findTracks({ view: { text } }: Sight): Span[] {
  const spans: Span[] = [];
  for (const match of matchesOf(
    text,
    /%?[A-Z]?(\d{12,19})\^[^^\n]{0,40}\^\d{3,}[^?\n]{0,90}\??/gi,
  )) {
    spans.push(sad(match.index, match.index + match[0].length, "track"));
  }
  // Digits of the number, `=` or D, expiry YYMM, service code, discretionary data.
  for (const match of matchesOf(
    text,
    /;?(?<!\d)(\d{12,30})([=D])(\d{2}(?:0[1-9]|1[0-2])\d{3,24})F?\??/gi,
  )) {
    const [whole, left = ""] = match;
    const start = match.index + (whole.startsWith(";") ? 1 : 0);
    const length = numberBefore(left);
    const framed = whole.startsWith(";") && whole.endsWith("?");
    if (length === 0 && !framed) continue;
    const from = framed ? match.index : tagStart(text, start + left.length - length);
    spans.push(sad(from, match.index + whole.length, "track"));
  }
  // Field 52 of ISO 8583, written as JSON.
  for (const match of matchesOf(text, /["']0?52["']\s{0,3}:\s{0,3}["']([0-9A-F]{16})["']/gi)) {
    const end = match.index + match[0].length - 1;
    spans.push(sad(end - 16, end, "pin-block"));
  }
  for (const match of matchesOf(text, /(?:5A|9F6B)(0[6-9A])(\d{12,20})/gi)) {
    const length = Number.parseInt(match[1] ?? "0", 16) * 2;
    const digits = (match[2] ?? "").slice(0, length);
    const number = [digits, digits.slice(0, -1)].find((candidate) => isCard(candidate));
    if (number === undefined) continue;
    const start = match.index + match[0].length - (match[2] ?? "").length;
    spans.push(sad(start, start + digits.length, "emv"));
  }
  return spans;
}

// How many of the last digits are a card number; a tag and a length may be glued to its front.
function numberBefore(digits: string): number {
  for (const length of [digits.length, 16, 19, 18, 17, 15, 14, 13, 12]) {
    if (length <= digits.length && length <= 19 && isCard(digits.slice(-length))) return length;
  }
  return 0;
}

function tagStart(text: string, start: number): number {
  return /^57[01][0-9A-F]$/i.test(text.slice(start - 4, start)) ? start - 4 : start;
}

function findTrailingCodes({ view: { text } }: Sight): Span[] {
  const spans: Span[] = [];
  for (const match of matchesOf(text, CODE_AFTER)) {
    if (!isCard((match[1] ?? "").replace(/\D/g, ""))) continue;
    const end = match.index + match[0].length;
    spans.push(sad(end - (match[2] ?? "").length, end, "trailing-code"));
  }
  for (const match of matchesOf(text, CODE_BETWEEN)) {
    const [whole, digits = "", code = ""] = match;
    if (!isCard(digits.replace(/\D/g, ""))) continue;
    const start = match.index + whole.indexOf(code, digits.length);
    spans.push(sad(start, start + code.length, "trailing-code"));
  }
  return spans;
}
