import {
  canonicalOf,
  type LocalCountry,
  LOCAL_COUNTRIES,
  PSEUDONYM_CLASSES,
  type PseudonymClass,
} from "./canonical.ts";
import { createMemo } from "./memo.ts";

/** A secret of at least 32 random bytes under which pseudonyms are made. */
export interface PseudonymKey {
  /** 1 to 16 of a to z and 0 to 9; it is written into every pseudonym. */
  id: string;
  key: Uint8Array;
}

/** A value's pseudonym under one key. */
export interface Pseudonym {
  keyId: string;
  token: string;
}

export interface Pseudonyms {
  /** The pseudonym under the newest key; `undefined` for a value that cannot be of the class. */
  make(of: PseudonymClass, value: string): string | undefined;
  /** The pseudonyms under every key, the newest first; empty for a value that cannot be of the class. */
  all(of: PseudonymClass, value: string): Pseudonym[];
}

export interface PseudonymOptions {
  /** The country of phone numbers that are written without a country code. Default: KE. */
  country?: LocalCountry;
}

/** What a pseudonym looks like. */
export const PSEUDONYM: RegExp = /p1\.[a-z0-9]{1,16}\.[a-z2-7]{26}(?![a-z2-7])/;

const LEAST_BYTES = 32;
const CHARACTERS = 26;
// Longer values are not remembered, so that memory has a bound.
const LONGEST = 256;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * Makes pseudonyms: `p1.<key id>.<first 26 base32 characters of HMAC-SHA-256(key, class || 0x00 || canonical form)>`.
 *
 * The first key is the newest: it makes them, and the others find what was made under them. Throws
 * one sentence for no key, a key shorter than 32 bytes, a wrong id or an id that is there twice.
 *
 * @example createPseudonyms([{ id: "k1", key: randomBytes(32) }]).make("msisdn", "0712345678") // "p1.k1.…"
 */
export function createPseudonyms(
  keys: readonly PseudonymKey[],
  { country = "KE" }: PseudonymOptions = {},
): Pseudonyms {
  check(keys, country);
  const makers = keys.map(({ id, key }) => {
    const hmac = hmacOf(key);
    return (of: PseudonymClass, canonical: string): Pseudonym => ({
      keyId: id,
      token: `p1.${id}.${hmac(`${of}\0${canonical}`)}`,
    });
  });
  const [newest] = makers;
  const make = (of: PseudonymClass, value: string): string | undefined => {
    const canonical = canonicalOf(of, value, country);
    return canonical === undefined ? undefined : newest?.(of, canonical).token;
  };
  // A hash costs more than looking at eight attributes, and the same few customers come again.
  const remembered = new Map(
    PSEUDONYM_CLASSES.map((of) => [of, createMemo((value) => make(of, value))] as const),
  );
  return {
    make: (of, value) => (value.length > LONGEST ? make(of, value) : remembered.get(of)?.(value)),
    all(of, value) {
      const canonical = canonicalOf(of, value, country);
      return canonical === undefined ? [] : makers.map((maker) => maker(of, canonical));
    },
  };
}

/** Makes the first 26 base32 characters of a text's HMAC-SHA-256 under this key. */
export function hmacOf(key: Uint8Array): (text: string) => string {
  // Not an import: what needs no key runs where there is no node:crypto.
  const { createHmac, createSecretKey } = process.getBuiltinModule("node:crypto");
  const secret = createSecretKey(key);
  return (text) => base32(createHmac("sha256", secret).update(text, "utf8").digest());
}

// RFC 4648, lower case, without padding. 26 characters are 130 bits.
function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET.charAt((pending >> (bits - 5)) & 31);
    if (text.length >= CHARACTERS) break;
  }
  return text.slice(0, CHARACTERS);
}

function check(keys: readonly PseudonymKey[], country: string): void {
  if (keys.length === 0) throw new Error("There is no pseudonym key; give at least one");
  const seen = new Set<string>();
  for (const { id, key } of keys) {
    if (!/^[a-z0-9]{1,16}$/.test(id)) {
      // A long one may be the key itself, in the wrong place.
      const found = id.length > 16 ? `of ${id.length} characters` : JSON.stringify(id);
      throw new Error(
        `A pseudonym key has an id that is ${found}; use 1 to 16 of a to z and 0 to 9`,
      );
    }
    if (seen.has(id)) {
      throw new Error(`Two pseudonym keys have the id "${id}"; give each its own`);
    }
    seen.add(id);
    if (!(key instanceof Uint8Array) || key.length < LEAST_BYTES) {
      const length = key instanceof Uint8Array ? `${key.length} bytes` : "not bytes";
      throw new Error(
        `The pseudonym key "${id}" is ${length}; use at least ${LEAST_BYTES} random bytes`,
      );
    }
  }
  if (!(LOCAL_COUNTRIES as readonly string[]).includes(country)) {
    throw new Error(
      `The country of local phone numbers is ${JSON.stringify(country)}; use one of ${LOCAL_COUNTRIES.join(", ")}`,
    );
  }
}
