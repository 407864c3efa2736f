/** How sure an issuer prefix and a length are: `strong` needs no other sign of a card. */
export type Strength = "strong" | "weak";

interface Range {
  from: number;
  to: number;
  strong: readonly number[];
  weak: readonly number[];
}

/** First digits, from and to inclusive, and the lengths issued. ISO/IEC 7812; brands' own lists. */
function range(
  from: string,
  to: string,
  strong: readonly number[],
  weak: readonly number[] = [],
): Range {
  return { from: Number(from.padEnd(6, "0")), to: Number(to.padEnd(6, "9")), strong, weak };
}

const RANGES: readonly Range[] = [
  range("4", "4", [16], [13, 18, 19]), // Visa
  range("51", "55", [16]), // Mastercard
  range("2221", "2720", [16]),
  range("34", "34", [15]), // American Express
  range("37", "37", [15]),
  range("300", "305", [14, 16], [15, 17, 18, 19]), // Diners Club
  range("3095", "3095", [14, 16], [19]),
  range("36", "36", [14, 16], [15, 17, 18, 19]),
  range("38", "39", [14, 16], [19]),
  range("3528", "3589", [16], [17, 18, 19]), // JCB; RuPay co-brands 353 and 356
  range("1800", "1800", [], [15]),
  range("2131", "2131", [], [15]),
  range("2200", "2204", [16, 17, 18, 19]), // Mir
  range("62", "62", [16, 17, 18, 19], [14, 15]), // UnionPay
  range("81", "81", [16], [17, 18, 19]),
  range("82", "82", [16]), // RuPay
  range("5060", "5061", [16, 18, 19]), // Verve
  range("5078", "5079", [16, 18, 19]),
  range("650002", "650027", [16, 18, 19]),
  range("50", "50", [16], [12, 13, 14, 15, 17, 18, 19]), // Maestro, Elo, RuPay 508
  range("56", "58", [16], [12, 13, 14, 15, 17, 18, 19]),
  range("60", "61", [16], [12, 13, 14, 15, 17, 18, 19]), // Discover 6011, RuPay, Hipercard, Maestro
  range("63", "69", [16], [12, 13, 14, 15, 17, 18, 19]),
  range("9792", "9792", [16]), // Troy
  range("8600", "8600", [16]), // Uzcard
  range("9860", "9860", [16]), // Humo
];

/** How sure these digits are a card number by their prefix and length; the check digit is not looked at. */
export function cardStrength(digits: string): Strength | undefined {
  const prefix = Number(digits.slice(0, 6));
  let found: Strength | undefined;
  for (const { from, to, strong, weak } of RANGES) {
    if (prefix < from || prefix > to) continue;
    if (strong.includes(digits.length)) return "strong";
    if (weak.includes(digits.length)) found = "weak";
  }
  return found;
}

/** ISO/IEC 7812-1 annex B. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
