import { matchesOf } from "./matches.ts";
import { cardStrength, luhn } from "./iin.ts";
import { before, DIGITS, type Rule, type Sight, type Span } from "./rule.ts";

interface Group {
  start: number;
  end: number;
}

// How card numbers are printed and typed. Other groupings need a word that says card.
const GROUPINGS = new Set([
  "4-4-4-4",
  "4-4-4-4-1",
  "4-4-4-4-2",
  "4-4-4-4-3",
  "4-6-5",
  "4-6-4",
  "4-4-4-3",
  "4-4-4-2",
  "4-5-6",
  "5-5-5",
  "8-8",
  "4-12",
  "6-10",
  "6-13",
  "12-4",
  "4-4-8",
  "4-8-4",
  "8-4-4",
  "6-6-4",
  "6-4-6",
  "5-5-6",
  "5-4-4-3",
]);
const LENGTHS = [16, 15, 19, 18, 17, 14, 13, 12];
const CARD_WORD =
  /(?:^|[^a-z])(?:cards?|pan|pans|visa|mastercard|amex|american express|discover|diners|jcb|unionpay|maestro|verve|rupay|ccn?|cc ?num(?:ber)?|credit|debit|primary account number|cardno|cardnumber)(?![a-z])/;
const GAP = /^(?:[ \t\-._/+|]{1,2}|\s{1,3}|,| [-./|] )$/;
// Digits written one by one come out of arrays and printed lists.
const WIDE_GAP = /^[\s,;'"|.\-_/+:[\]()]{1,5}$/;
const WIDEST = 5;
// Lengths of hexadecimal ids and digests: a span, a trace, SHA-1, SHA-256 and their neighbours.
const HEX_ID = new Set([16, 17, 20, 24, 32, 40, 48, 56, 64, 96, 128]);

/** First six and last four, always six stars between: one format for every brand (PCI FAQ 1091). */
export function maskPan(digits: string): string {
  return digits.length < 15 ? "[card]" : `${digits.slice(0, 6)}******${digits.slice(-4)}`;
}

export function panSpan(start: number, end: number, digits: string, detector = "pan"): Span {
  const span: Span = { start, end, class: "pci_chd", marker: maskPan(digits), detector };
  return digits.length < 15 ? span : { ...span, masked: true };
}

export const pan: Rule = {
  name: "pan",
  needs: DIGITS,
  find,
  removes: [
    "declined 4111111111111111 by issuer",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "3782 822463 10005",
    "card 4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1",
    "amount 4,111,111,111,111,111",
    "pan=6759649826438453",
    "card 4222222222222",
    "4.111111111111111e+15",
  ],
  keeps: [
    "order 9999000011112220",
    "41111111-1111-4111-8111-111111111111",
    "411111******1111",
    '"spanId":"6011111111111117a"',
    "2023 2024 2025 2026",
    "0.4111111111111111",
    "1763720130123456",
  ],
};

function find(sight: Sight): Span[] {
  const { text } = sight.view;
  const spans: Span[] = [...findExponents(text)];
  const groups = groupsOf(text, framesOf(text));
  for (let index = 0; index < groups.length;) {
    const found = at(sight, groups, index);
    if (found === undefined) {
      index++;
    } else {
      spans.push(found.span);
      index += found.groups;
    }
  }
  return spans;
}

// UUIDs and trace parents contain digit groups that can pass for anything.
function framesOf(text: string): Group[] {
  const frames: Group[] = [];
  const pattern =
    /(?<![0-9a-fA-F])(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})(?![0-9a-fA-F])/g;
  for (const match of matchesOf(text, pattern)) {
    frames.push({ start: match.index, end: match.index + match[0].length });
  }
  return frames;
}

function groupsOf(text: string, frames: readonly Group[]): Group[] {
  const groups: Group[] = [];
  let frame = 0;
  for (const match of matchesOf(text, /\d+/g)) {
    const start = match.index;
    while ((frames[frame]?.end ?? Infinity) <= start) frame++;
    if ((frames[frame]?.start ?? Infinity) > start)
      groups.push({ start, end: start + match[0].length });
  }
  return groups;
}

function at(sight: Sight, groups: readonly Group[], index: number) {
  const { text } = sight.view;
  const first = groups[index];
  if (first === undefined) return undefined;
  const length = first.end - first.start;
  if (length >= 12) return length <= 19 ? unbroken(sight, first) : undefined;
  if (/[\w*]/.test(text.charAt(first.start - 1)) && text.charAt(first.start - 1) !== "_") {
    return undefined;
  }
  const ends = endsByLength(text, groups, index);
  let weak: { span: Span; groups: number } | undefined;
  for (const total of LENGTHS) {
    const end = ends.get(total);
    if (end === undefined) continue;
    const members = groups.slice(index, end + 1);
    const last = members.at(-1);
    if (last === undefined || /[A-Za-z*]/.test(text.charAt(last.end))) continue;
    const digits = members.map((group) => text.slice(group.start, group.end)).join("");
    if (!luhn(digits)) continue;
    const strength = cardStrength(digits);
    const shape = members.map((group) => group.end - group.start).join("-");
    const printed = GROUPINGS.has(shape) || isRegular(text, members);
    const found = { span: panSpan(first.start, last.end, digits), groups: members.length };
    if (printed && (strength === "strong" || (strength === "weak" && shape.startsWith("4-4-4")))) {
      return found;
    }
    if (weak === undefined && isNamedCard(sight, first.start)) weak = found;
  }
  return weak;
}

// Index of the last group for each total of digits that can be reached from `index`.
function endsByLength(text: string, groups: readonly Group[], index: number): Map<number, number> {
  const ends = new Map<number, number>();
  let total = 0;
  for (let end = index; end < groups.length && end < index + 19; end++) {
    const group = groups[end];
    const previous = groups[end - 1];
    if (group === undefined) break;
    if (end > index && previous !== undefined) {
      if (group.start - previous.end > WIDEST) break;
      const single = group.end - group.start === 1 && previous.end - previous.start === 1;
      if (!(single ? WIDE_GAP : GAP).test(text.slice(previous.end, group.start))) break;
    }
    total += group.end - group.start;
    if (total > 19) break;
    if (total >= 12) ends.set(total, end);
  }
  return ends;
}

// One by one, in pairs, or in thousands as a number is formatted.
function isRegular(text: string, members: readonly Group[]): boolean {
  const lengths = members.map((group) => group.end - group.start);
  const [head = 0, ...rest] = lengths;
  if (rest.every((length) => length === 1) && head === 1) return true;
  if (lengths.length > 6 && rest.slice(0, -1).every((length) => length === 2) && head === 2)
    return true;
  const thousands = members.length >= 5 && head <= 3 && rest.every((length) => length === 3);
  return (
    thousands && members.slice(1).every((group) => /[,. '_]/.test(text.charAt(group.start - 1)))
  );
}

function unbroken(sight: Sight, { start, end }: Group) {
  const { text } = sight.view;
  const digits = text.slice(start, end);
  if (!luhn(digits) || /^(\d)\1+$/.test(digits)) return undefined;
  const left = text.charAt(start - 1);
  const right = text.charAt(end);
  if (left === "*" || right === "*") return undefined;
  if (/[A-Za-z]/.test(left + right) && isHexId(text, start, end)) return undefined;
  const named = () => isNamedCard(sight, start);
  // The digits after a decimal point are a fraction, whatever they add up to.
  if (left === "." && /\d/.test(text.charAt(start - 2)) && !named()) return undefined;
  if (cardStrength(digits) !== "strong" && !named()) return undefined;
  return { span: panSpan(start, end, digits), groups: 1 };
}

function isHexId(text: string, start: number, end: number): boolean {
  let from = start;
  let to = end;
  while (start - from < 120 && /[0-9A-Za-z]/.test(text.charAt(from - 1))) from--;
  while (to - end < 120 && /[0-9A-Za-z]/.test(text.charAt(to))) to++;
  const token = text.slice(from, to);
  if (/^\d+F{1,3}$/i.test(token)) return false;
  return /^[0-9a-fA-F]+$/.test(token) && HEX_ID.has(token.length);
}

/** A word just before says that what follows is a card. */
export function isNamedCard(sight: Sight, start: number): boolean {
  return CARD_WORD.test(before(sight, start, 48));
}

// Go and Python print a large float that way.
function findExponents(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of matchesOf(text, /(?<![\d.])(\d)\.(\d{8,18})e\+?(1[1-8])(?!\d)/gi)) {
    const [whole, head = "", tail = "", exponent = ""] = match;
    if (tail.length > Number(exponent)) continue;
    const digits = head + tail.padEnd(Number(exponent), "0");
    if (!luhn(digits) || cardStrength(digits) !== "strong") continue;
    spans.push(panSpan(match.index, match.index + whole.length, digits));
  }
  return spans;
}
