import { matchesOf } from "./matches.ts";
import { before, DIGITS, type Rule, type Sight, type Span } from "./rule.ts";

// Country code and mobile prefixes of networks that pay by phone (E.164, national numbering plans).
// `bare` ones are long and rare enough to stand without a plus or a word.
const BARE =
  "254[17]\\d{8}|234[789][01]\\d{8}|27[678]\\d{8}|2637[1378]\\d{7}|255[67]\\d{8}|256[347]\\d{8}|233[25]\\d{8}|" +
  "2507[2389]\\d{7}|251[79]\\d{8}|260[79]\\d{8}|265[89]\\d{8}|2588[2-7]\\d{7}|2376\\d{8}|243[89]\\d{8}|" +
  "2250[157]\\d{8}|2217[05678]\\d{7}|2119[12]\\d{7}|2613[2-8]\\d{7}|2449\\d{8}|201[0125]\\d{8}|212[67]\\d{8}|213[567]\\d{8}";
const BARE_NUMBER = new RegExp(`^(?:00|011)?(?:${BARE})$`);
// Written with a trunk zero only; nothing but a word tells them from other numbers.
const LOCAL_NUMBER = /^0(?:[17]\d{8}|[2-9]\d{8}|[789][01]\d{8})$/;
const PHONE_WORD =
  /(?:^|[^a-z])(?:phones?|phone ?number|mobile|msisdn|tel|telephone|cell|cellphone|whatsapp|sms|call|called|caller|dial|contact|subscriber|m-?pesa|payer|payee|recipient|receiver|sender|beneficiary|customer|user|push|airtime|party[ab]?|to|from|number|airtel|safaricom|mtn|vodacom|tigo|ecocash|telebirr|wallet)(?![a-z])/;
// Country codes of one and two digits; the others have three (ITU-T E.164).
const TWO_DIGIT_CODES = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(
    " ",
  ),
);

/** Phone numbers: international ones by their form, African mobile ones without the plus too. */
export const phone: Rule = {
  name: "phone",
  needs: DIGITS,
  find: (sight) => [...international(sight), ...national(sight), ...american(sight)],
  removes: [
    "+254712345678",
    "254110345678",
    "263772123456",
    "+254 712 345 678",
    "+1 (415) 555-2671",
    "(415) 555-2671",
    "1-415-555-2671",
    "call 0712 345 678",
    "+254 (0) 712 345678",
    "00254712345678",
    "sent to 0712345678",
    "tel:+44-20-7946-0958",
  ],
  keeps: [
    "0712345678",
    "total 1,234,567,890.12",
    "ws_CO_191220191020363925",
    "29115-34620561-1",
    "geo +36.8219462345678",
    "10.123.145.167:54321",
    "1.2.3+20261121",
  ],
};

function span(start: number, end: number): Span {
  return { start, end, class: "pii", marker: "[phone]", detector: "phone" };
}

// A date or another number may follow after a space: the longest part that is a number counts.
function lengthOf(whole: string, named: boolean): number {
  for (let end = whole.length; end > 7; end--) {
    if (/\d\d/.test(whole.slice(end - 1, end + 1)) || !/\d/.test(whole.charAt(end - 1))) continue;
    const written = whole.slice(0, end);
    const digits = written.replace(/\(0\)/, "").replace(/\D/g, "").replace(/^00/, "");
    if (isInternational(digits, /[ .\-/()]/.test(written), named)) return end;
  }
  return 0;
}

function isInternational(digits: string, separated: boolean, named: boolean): boolean {
  if (digits.startsWith("1")) return digits.length === 11 && /^1[2-9]/.test(digits);
  if (digits.startsWith("7")) return digits.length === 11;
  const code = TWO_DIGIT_CODES.has(digits.slice(0, 2)) ? 2 : 3;
  const least = named || separated ? 6 : 7;
  return digits.length <= 15 && digits.length - code >= least;
}

function international(sight: Sight): Span[] {
  const { text } = sight.view;
  const spans: Span[] = [];
  const pattern = /(?<![\w.+*])(?:\+|00) ?\(?[1-9]\d{0,3}\)?(?:[ .\-/()]{0,3}\d){6,14}(?!\d)/g;
  for (const match of matchesOf(text, pattern)) {
    const [whole] = match;
    const named = PHONE_WORD.test(before(sight, match.index, 40));
    if (whole.startsWith("00") && !named) continue;
    // A latitude or longitude with its sign; registries write numbers as +1.4155552671.
    if (/^\+\d{1,3}\.\d{4,}$/.test(whole) && !named && !/^\+1\.\d{10}$/.test(whole)) continue;
    const length = lengthOf(whole, named);
    const end = match.index + length;
    if (length === 0 || (/[A-Za-z_*]/.test(text.charAt(end)) && !named)) continue;
    spans.push(span(match.index, end));
  }
  return spans;
}

function national(sight: Sight): Span[] {
  const { text } = sight.view;
  const spans: Span[] = [];
  const pattern = /(?<![\dA-Za-z*])\(?(?:00|011)?[02]\d{2,15}(?!\d)/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { index } = match;
    const open = match[0].startsWith("(") ? 1 : 0;
    const end = endOfNumber(sight, index + open);
    if (end === 0 || /\d[.,/-]$/.test(text.slice(index - 2, index))) continue;
    spans.push(span(index + open, end));
    pattern.lastIndex = end;
  }
  return spans;
}

// Extends over grouped digits as far as they are a number.
function endOfNumber(sight: Sight, start: number): number {
  const { text } = sight.view;
  let digits = "";
  let end = 0;
  let at = start;
  for (; at < text.length && at - start < 24; at++) {
    const char = text.charAt(at);
    if (/\d/.test(char)) {
      digits += char;
      if (/[\dA-Za-z*]/.test(text.charAt(at + 1)) || /^[.,]\d/.test(text.slice(at + 1, at + 3)))
        continue;
      const bare =
        BARE_NUMBER.test(digits) || BARE_NUMBER.test(digits.replace(/^(25\d|23\d|26\d|27)0/, "$1"));
      if (bare || (LOCAL_NUMBER.test(digits) && PHONE_WORD.test(before(sight, start, 40))))
        end = at + 1;
    } else if (!/[ \-()]/.test(char) || !/[\d() ]/.test(text.charAt(at + 1))) {
      break;
    }
  }
  return end;
}

function american({ view: { text } }: Sight): Span[] {
  const pattern =
    /(?<![\w.\-+*])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|(?<=1[ .-])[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?![\w-])/g;
  return matchesOf(text, pattern).map(({ index, 0: whole }) => span(index, index + whole.length));
}
