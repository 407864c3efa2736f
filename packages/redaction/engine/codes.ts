// What the numbers in findings mean; src/engine.ts and the Collector's host have the same tables.

/** Data classes in order of severity. */
export const CONFIDENTIAL: u8 = 1;
export const PII: u8 = 2;
export const PCI_CHD: u8 = 3;
export const CREDENTIAL: u8 = 4;
export const PCI_SAD: u8 = 5;
export const PUBLIC: u8 = 6;
export const INTERNAL: u8 = 7;

/** What is written in place of a value. */
export const MARK_REMOVED: u8 = 1;
export const MARK_ID: u8 = 2;
export const MARK_CARD: u8 = 3;
export const MARK_CREDENTIAL: u8 = 4;
export const MARK_SAD: u8 = 5;
export const MARK_EMAIL: u8 = 6;
export const MARK_PHONE: u8 = 7;
export const MARK_IBAN: u8 = 8;
export const MARK_ACCOUNT: u8 = 9;
/** `?`, as OpenTelemetry writes a literal of a statement. */
export const MARK_LITERAL: u8 = 10;

/** What the host does with a finding. */
export const DROP: u8 = 1;
export const REPLACE: u8 = 2;
export const MASK: u8 = 3;

/** What a key says about its value. */
export const KIND_NONE: i32 = 0;
export const KIND_SECRET: i32 = 1;
export const KIND_PHRASE: i32 = 2;
export const KIND_TOKEN: i32 = 3;
export const KIND_MAYBE: i32 = 4;
export const KIND_AUTH: i32 = 5;
export const KIND_COOKIE: i32 = 6;
export const KIND_CVV: i32 = 7;
export const KIND_PIN: i32 = 8;
export const KIND_SAD: i32 = 9;
export const KIND_PAN: i32 = 10;
export const KIND_NAME: i32 = 11;
export const KIND_EMAIL: i32 = 12;
export const KIND_PHONE: i32 = 13;
export const KIND_ACCOUNT: i32 = 14;
export const KIND_ID: i32 = 15;
export const KIND_TRACE: i32 = 16;

/** How a value stands beside its key. */
export const QUOTED: i32 = 0;
export const ASSIGNED: i32 = 1;
export const IN_PROSE: i32 = 2;

/** The detector of a verdict on the whole value of a key is its kind, so `key-secret` is 1. */
export const BY_REGISTRY: u8 = 17;
export const BY_BUDGET: u8 = 18;
export const BY_PAN: u8 = 19;
export const BY_IBAN: u8 = 20;
export const BY_EMAIL: u8 = 21;
export const BY_PHONE: u8 = 22;
export const BY_TRACK: u8 = 23;
export const BY_PIN_BLOCK: u8 = 24;
export const BY_EMV: u8 = 25;
export const BY_TRAILING_CODE: u8 = 26;
export const BY_JWT: u8 = 27;
export const BY_VENDOR_TOKEN: u8 = 28;
export const BY_WEBHOOK_URL: u8 = 29;
export const BY_BOT_TOKEN: u8 = 30;
export const BY_API_KEY: u8 = 31;
export const BY_SIGNATURE: u8 = 32;
export const BY_PASSWORD_HASH: u8 = 33;
export const BY_PEM: u8 = 34;
export const BY_AUTHORIZATION: u8 = 35;
export const BY_USERINFO: u8 = 36;
export const BY_US_SSN: u8 = 37;
export const BY_ZW_ID: u8 = 38;
export const BY_GH_ID: u8 = 39;
export const BY_KE_TAX_PIN: u8 = 40;
export const BY_ZA_ID: u8 = 41;
export const BY_ENCODED: u8 = 42;
export const BY_LITERAL: u8 = 43;
/** `word-<kind>` is this and the kind. */
export const BY_WORD: u8 = 64;
