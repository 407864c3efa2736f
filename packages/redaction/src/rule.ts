import type { DataClass } from "./finding.ts";
import { PSEUDONYM } from "./pseudonym.ts";
import type { View } from "./view.ts";

/** A stretch of the view's text that must go, and what is written in its place. */
export interface Span {
  start: number;
  end: number;
  class: DataClass;
  marker: string;
  detector: string;
  /** Absent: removed. */
  masked?: true;
}

/** What a rule looks at. */
export interface Sight {
  view: View;
  /** Lower-case words of the key that the text stands under, spaced; they count as words before it. */
  under: string;
  /** Redacts a text that was decoded from this one, and says what the worst thing in it is. */
  decoded: (text: string) => DataClass | undefined;
}

/** A detector, with what it must remove and what it must leave alone; one test holds it to both. */
export interface Rule {
  name: string;
  /** Features of a text, at least one of which must be there for the rule to find anything. */
  needs: number;
  find: (sight: Sight) => Span[];
  removes: readonly string[];
  keeps: readonly string[];
}

export const FEW_DIGITS = 1;
export const DIGITS = 2;
export const AT = 4;
export const PAIR = 8;
export const TOKEN = 16;
export const WORDS = 32;
export const URL = 64;

// The stem of every word that the rules on prose and statements look for.
const STEMS =
  /pass|pwd|secret|token|key|bearer|basic|auth|credential|identified|pin|c[vas][vcn]|security code|otp|code|rout|aba|rtn|acc|a\/c|sort|ssn|social|national|passport|bvn|nin|nuban|tin|tax|sin|licen|phone|insert|begin|user|mnemonic|seed|-u |identity|\bid\b|huduma|maisha|alien|\bni\b|bsb|transit|verif|2fa|mfa|field|\bbit|fld|\bdf|\bde ?52|iban/i;

/** What there is in a text, so that a rule that cannot find anything is not run. One pass. */
export function featuresOf(text: string): number {
  let digits = 0;
  let run = 0;
  let longest = 0;
  let features = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      digits++;
      run++;
    } else if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95) {
      run++;
    } else {
      // Dash, dot, slash, plus and equals are inside tokens; the other characters end one.
      if (code === 61 || code === 58 || code === 62) features |= PAIR;
      else if (code === 64) features |= AT;
      if (code >= 43 && code <= 47 && code !== 44) run++;
      else if (run > longest) {
        longest = run;
        run = 0;
      } else run = 0;
    }
  }
  if (digits >= 3) features |= FEW_DIGITS;
  if (digits >= 8) features |= DIGITS;
  if (Math.max(run, longest) >= 14) features |= TOKEN;
  if (features & PAIR && text.includes("://")) features |= URL;
  if (STEMS.test(text)) features |= WORDS;
  return features;
}

/**
 * The text before `index`, with the words of the key when it is near the beginning. What redaction
 * wrote is left out: `[phone]` does not say that the next number is a phone's.
 */
export function before({ view, under }: Sight, index: number, length: number): string {
  const text = view.text.slice(Math.max(0, index - length), index).toLowerCase();
  const words = text.includes("[")
    ? text.replace(MARKERS, "[]").replace(/^[a-z]{1,12}\]/, "]")
    : text;
  return index < length ? `${under} ${words}` : words;
}

const MASK = /[*•xX#]/g;

/** A value that somebody has masked already: `411111******1111`, `****6789`, `xxxxx`. */
export function isMasked(value: string): boolean {
  const masks = value.match(MASK)?.length ?? 0;
  if (masks < 3) return false;
  const rest = value.replace(MASK, "").replace(/[\s.\-_/]/g, "");
  return rest === "" || (/^\d{1,10}$/.test(rest) && /[*•xX#]{3}/.test(value));
}

const MARKER = new RegExp(
  `\\[(?:card|sad|credential|email|phone|iban|account|id|removed)\\]|${PSEUDONYM.source}`,
  "y",
);
const MARKERS = new RegExp(MARKER.source, "g");

/** The length of the marker that stands at `index`; 0 for none. */
export function markerAt(text: string, index: number): number {
  MARKER.lastIndex = index;
  return MARKER.exec(text)?.[0].length ?? 0;
}

/** A value that redaction wrote. */
export function isMarker(value: string): boolean {
  return value.length > 0 && markerAt(value, 0) === value.length;
}
