import type { DataClass } from "./finding.ts";

// What the numbers of the engine mean; engine/codes.ts has the same tables.

export const CLASSES: readonly DataClass[] = [
  "confidential",
  "confidential",
  "pii",
  "pci_chd",
  "credential",
  "pci_sad",
];

export const MARKERS: readonly string[] = [
  "[removed]",
  "[removed]",
  "[id]",
  "[card]",
  "[credential]",
  "[sad]",
  "[email]",
  "[phone]",
  "[iban]",
  "[account]",
  "?",
];

/** Actions of findings. */
export const DROP = 1;
export const REPLACE = 2;
export const MASK = 3;

/** Actions of the registry: what goes, and what is a pseudonym where there are keys. */
export const REMOVE = 3;
export const HASH = 5;

/** The registry's action that leaves digits and dashes as they are. */
export const NUMERIC_ID = 6;

/** What a key says about its value, by number. */
export const KINDS = [
  "none",
  "secret",
  "phrase",
  "token",
  "maybe",
  "auth",
  "cookie",
  "cvv",
  "pin",
  "sad",
  "pan",
  "name",
  "email",
  "phone",
  "account",
  "id",
  "trace",
] as const;

export const SECRET: number = KINDS.indexOf("secret");
export const PHRASE: number = KINDS.indexOf("phrase");
export const CVV: number = KINDS.indexOf("cvv");
export const SAD: number = KINDS.indexOf("sad");
export const PAN: number = KINDS.indexOf("pan");
export const NAME: number = KINDS.indexOf("name");
export const EMAIL: number = KINDS.indexOf("email");
export const PHONE: number = KINDS.indexOf("phone");
export const ACCOUNT: number = KINDS.indexOf("account");
export const ID: number = KINDS.indexOf("id");
export const TRACE: number = KINDS.indexOf("trace");

/** The number of the detector `registry`. */
export const BY_REGISTRY = 17;
const WORD = 64;

/** Detectors in the order of their numbers. */
const DETECTORS: readonly string[] = [
  ...KINDS.map((kind) => `key-${kind}`),
  "registry",
  "budget",
  "pan",
  "iban",
  "email",
  "phone",
  "track",
  "pin-block",
  "emv",
  "trailing-code",
  "jwt",
  "vendor-token",
  "webhook-url",
  "bot-token",
  "api-key",
  "signature",
  "password-hash",
  "pem",
  "authorization",
  "userinfo",
  "us-ssn",
  "zw-id",
  "gh-id",
  "ke-tax-pin",
  "za-id",
  "encoded",
  "sql-literal",
];

/** The name of a detector by its number. */
export function detectorOf(code: number): string {
  return code > WORD ? `word-${KINDS[code - WORD] ?? "none"}` : (DETECTORS[code] ?? "engine-error");
}

/** What is written in place of a value of this kind. */
export function markerOfKind(kind: number): string {
  if (kind >= CVV && kind <= SAD) return "[sad]";
  if (kind === PAN || kind === NAME) return "[card]";
  if (kind === EMAIL) return "[email]";
  if (kind === PHONE) return "[phone]";
  if (kind === ACCOUNT) return "[account]";
  return kind === ID ? "[id]" : "[credential]";
}
