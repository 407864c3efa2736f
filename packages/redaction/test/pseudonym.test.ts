import { describe, expect, test } from "vitest";
import { canonicalOf, type PseudonymClass } from "../src/canonical.ts";
import { createPseudonyms } from "../src/pseudonym.ts";

const OLD = Uint8Array.from({ length: 32 }, (_, index) => index);
const NEW = new Uint8Array(40).fill(255);
const KEYS = [
  { id: "k2", key: NEW },
  { id: "k1", key: OLD },
];

// Made with Python 3, not with this code:
//   d = hmac.new(key, b"msisdn" + b"\0" + b"254712345678", hashlib.sha256).digest()
//   base64.b32encode(d).decode().lower()[:26]
// with key = b"\xff" * 40 for k2 and bytes(range(32)) for k1.
const VECTORS: readonly [PseudonymClass, written: string, k2: string, k1: string][] = [
  ["msisdn", "0712345678", "z2g7onxqpooaiicieyjp6bifzv", "ql6ebtx4fywqvqrqkjay5cihzz"],
  ["email", " Jane.Doe@Example.co.ke", "huyofgdkynlelcnzie46p46llt", "hts4ey644qeibphtacjzbabxos"],
  [
    "iban",
    "de89 3704 0044 0532 0130 00",
    "pchzb53twgny2vabct4lqfvwvj",
    "khgspmebwptmsmshtqos232fe6",
  ],
  ["pan", "4111-1111-1111-1111", "wjdpc2rrogd6vmtv27s7yaexlr", "ql6qgr6xwj7vwz4scartb6spff"],
  ["account", "01-2345-6789", "lhzp22umo5x7pqfpenvemunqnk", "e66dvmhko36fa6lw2llddl3lwv"],
  ["national-id", "63-123456 f 12", "6a2xomugsjr6tqzz4bim37jpqa", "5qqqx3tdzstkkizgczbjs3f5to"],
  ["customer", "cus_42", "53fowllpddzhpvzh66uvpyn42r", "pb3mtoujadmwvctqent6zvdrnn"],
];

test.each(VECTORS)("a %s is the HMAC-SHA-256 that others compute", (of, written, k2, k1) => {
  const pseudonyms = createPseudonyms(KEYS);
  expect(pseudonyms.make(of, written)).toBe(`p1.k2.${k2}`);
  expect(pseudonyms.all(of, written)).toEqual([
    { keyId: "k2", token: `p1.k2.${k2}` },
    { keyId: "k1", token: `p1.k1.${k1}` },
  ]);
});

test("a key that was rotated out of first place still gives the pseudonyms that it made", () => {
  const before = createPseudonyms([{ id: "k1", key: OLD }]).make("email", "j@ex.io");
  const after = createPseudonyms(KEYS).all("email", "j@ex.io");
  expect(after.map(({ token }) => token)).toContain(before);
});

describe("the canonical form", () => {
  test.each([
    "0712345678",
    "712345678",
    "0712 345 678",
    "254712345678",
    "+254 712 345 678",
    "+254 (0) 712-345-678",
    "2540712345678",
    "00254712345678",
    "011254712345678",
    "tel:+254712345678",
  ])("of %s is 254712345678", (written) => {
    expect(canonicalOf("msisdn", written)).toBe("254712345678");
  });

  test("of a local number is of the country that is asked for", () => {
    expect(canonicalOf("msisdn", "0112345678")).toBe("254112345678");
    expect(canonicalOf("msisdn", "08021234567", "NG")).toBe("2348021234567");
    expect(canonicalOf("msisdn", "+1 (415) 555-2671", "NG")).toBe("14155552671");
  });

  test("keeps the case of ids of somebody's system, which may differ in nothing else", () => {
    expect(canonicalOf("customer", " cus_aB ")).toBe("cus_aB");
  });

  test("of itself is itself", () => {
    for (const [of, written] of VECTORS) {
      const once = canonicalOf(of, written)!;
      expect(canonicalOf(of, once)).toBe(once);
    }
  });

  test.each<[PseudonymClass, string]>([
    ["msisdn", "call me"],
    ["msisdn", "12345"],
    ["msisdn", "1234567890123456"],
    ["email", "jane"],
    ["iban", "DE89"],
    ["pan", "4111"],
    ["account", "a?b"],
    ["customer", "  "],
  ])("there is none of a %s %j", (of, written) => {
    expect(canonicalOf(of, written)).toBeUndefined();
    expect(createPseudonyms(KEYS).all(of, written)).toEqual([]);
  });
});

test.each([
  [[], "There is no pseudonym key; give at least one"],
  [
    [{ id: "k1", key: new Uint8Array(31) }],
    'The pseudonym key "k1" is 31 bytes; use at least 32 random bytes',
  ],
  [
    [{ id: "K-1", key: OLD }],
    'A pseudonym key has an id that is "K-1"; use 1 to 16 of a to z and 0 to 9',
  ],
  [
    [{ id: "c2VjcmV0c2VjcmV0c2VjcmV0", key: OLD }],
    "A pseudonym key has an id that is of 24 characters; use 1 to 16 of a to z and 0 to 9",
  ],
  [
    [
      { id: "k1", key: OLD },
      { id: "k1", key: NEW },
    ],
    'Two pseudonym keys have the id "k1"; give each its own',
  ],
])("refuses wrong keys with one sentence (%#)", (keys, sentence) => {
  expect(() => createPseudonyms(keys)).toThrow(new Error(sentence));
});

test("refuses a country that it does not know", () => {
  expect(() => createPseudonyms(KEYS, { country: "XX" as "KE" })).toThrow(
    'The country of local phone numbers is "XX"; use one of GH, KE, NG, RW, TZ, UG, ZA, ZW',
  );
});
