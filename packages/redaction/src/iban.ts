import { DIGITS, type Rule, type Sight, type Span } from "./rule.ts";

// Total length by country: SWIFT registry release 100, and the countries that use the format
// without being in it.
const LENGTHS = new Map<string, number>(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 " +
    "DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 " +
    "IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 " +
    "MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 " +
    "SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 " +
    "AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 ML28 MZ25 NE28 " +
    "SN28 TD27 TG28 GF27 GP27 MQ27 RE27 YT27 NC27 PF27 PM27 WF27 TF27 BL27 MF27"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** International bank account numbers by country length and check digits (ISO 13616). */
export const iban: Rule = {
  name: "iban",
  needs: DIGITS,
  find,
  removes: [
    "debit DE89370400440532013000",
    "de89370400440532013000",
    "GB82 WEST 1234 5698 7654 32",
    "MT84MALT011000012345MTLCAST001S",
    "gb82-west-1234-5698-7654-32",
  ],
  keeps: ["DE89370400440532013001", "BIC DEUTDEFF500", "MR20261121ABC", "XX89370400440532013000"],
};

function find({ view: { text } }: Sight): Span[] {
  const spans: Span[] = [];
  const head = /(?<![A-Za-z0-9])(?:IBAN)?([A-Za-z]{2})[ -]?\d{2}/gi;
  for (let match = head.exec(text); match !== null; match = head.exec(text)) {
    const length = LENGTHS.get((match[1] ?? "").toUpperCase());
    const start = match.index + match[0].search(/[A-Za-z]{2}[ -]?\d{2}$/);
    const end = length === undefined ? -1 : endOf(text, start, length);
    if (end < 0) continue;
    const compact = text.slice(start, end).replace(/[^A-Za-z0-9]/g, "");
    if (!isValid(compact)) continue;
    spans.push({ start, end, class: "pii", marker: "[iban]", detector: "iban" });
    head.lastIndex = end;
  }
  return spans;
}

function endOf(text: string, start: number, length: number): number {
  let count = 0;
  let at = start;
  let separated = false;
  for (; count < length; at++) {
    const char = text.charAt(at);
    if (/[A-Za-z0-9]/.test(char)) {
      count++;
      separated = false;
    } else if (!separated && /[ \-._+/\n\t]/.test(char)) {
      separated = true;
    } else {
      return -1;
    }
  }
  return /[A-Za-z0-9]/.test(text.charAt(at)) ? -1 : at;
}

function isValid(compact: string): boolean {
  const upper = compact.toUpperCase();
  let remainder = 0;
  for (const char of upper.slice(4) + upper.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
