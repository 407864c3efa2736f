import { canonicalOf, type PseudonymClass } from "./canonical.ts";
import type { Finding } from "./finding.ts";
import type { Pseudonyms } from "./pseudonym.ts";
import type { Span } from "./rule.ts";

/** What a card number becomes: its first six and last four digits, or a pseudonym. */
export type PanPolicy = "mask" | "pseudonym";

/** Pseudonyms in place of markers. */
export interface StandIn {
  /** The pseudonym of what a marker would replace; `undefined` where the marker stays. */
  ofMarker(marker: string, value: string): string | undefined;
  /** The pseudonym of a value whose attribute the registry hashes. */
  ofKey(key: string, value: unknown): string | undefined;
  pan: PanPolicy;
}

const CLASSES: Readonly<Record<string, PseudonymClass>> = {
  "[phone]": "msisdn",
  "[email]": "email",
  "[iban]": "iban",
  "[account]": "account",
  "[id]": "national-id",
};
const CARD = "[card]";

/** The pseudonyms under these keys; `undefined` without keys: then markers stand. */
export function createStandIn(
  pseudonyms: Pseudonyms | undefined,
  pan: PanPolicy,
): StandIn | undefined {
  if (pan !== "mask" && pan !== "pseudonym") {
    throw new Error(`pan is ${JSON.stringify(pan)}; use "mask" or "pseudonym"`);
  }
  if (pseudonyms === undefined) {
    if (pan === "mask") return undefined;
    throw new Error('pan is "pseudonym" and there is no key; give pseudonymKeys, or use "mask"');
  }
  return {
    ofMarker(marker, value) {
      // Half of one number and the hash of the whole beside each other can be joined (PCI FAQ 1308).
      if (marker === CARD) return pan === "mask" ? undefined : pseudonyms.make("pan", value);
      const of = CLASSES[marker];
      if (of === undefined) return undefined;
      return pseudonyms.make(of === "account" && isIban(value) ? "iban" : of, value);
    },
    ofKey(key, value) {
      const isPlain = ["string", "number", "bigint"].includes(typeof value);
      return isPlain ? pseudonyms.make(classOfKey(key), String(value)) : undefined;
    },
    pan,
  };
}

/** What is written in place of a span, and how it is counted. */
export function standIn(
  { marker, masked, detector }: Pick<Span, "marker" | "masked" | "detector">,
  value: string,
  stands: StandIn | undefined,
): { marker: string; action: Finding["action"] } {
  const isMask = masked === true;
  const plain = { marker, action: isMask ? ("masked" as const) : ("removed" as const) };
  // What is encoded is not the value itself, and its hash would find nothing.
  if (stands === undefined || detector === "encoded") return plain;
  const token = stands.ofMarker(isMask ? CARD : marker, value);
  if (token !== undefined) return { marker: token, action: "hashed" };
  return isMask && stands.pan === "pseudonym" ? { marker: CARD, action: "removed" } : plain;
}

// The attributes that the registry hashes, by whom or what they identify.
function classOfKey(key: string): PseudonymClass {
  if (key.startsWith("finance.customer.")) return "customer";
  if (key.startsWith("finance.counterparty.")) return "counterparty";
  return /(?:^|\.)(?:mac|device|installation)\./.test(key) ? "device" : "user";
}

// An account's key may hold an IBAN, which is one wherever it stands (ISO 7064, mod 97-10).
function isIban(value: string): boolean {
  const iban = canonicalOf("iban", value);
  if (iban === undefined) return false;
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(Number.parseInt(letter, 36)),
  );
  return BigInt(digits) % 97n === 1n;
}
