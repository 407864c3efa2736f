import type { Random } from "../bench/random.ts";

/** What a redactor is given: a value and the key that it stands under. */
export interface Input {
  key: string;
  value: unknown;
}

/** Something that a redactor may meet: fragments of secrets, of what surrounds them, and noise. */
export function inputOf(random: Random): Input {
  return { key: random.pick(KEYS), value: valueOf(random, 0) };
}

const KEYS = [
  "",
  "x",
  "log.body",
  "exception.message",
  "db.query.text",
  "url.full",
  "card.number",
  "cvv",
  "pin",
  "password",
  "api_key",
  "token",
  "customer.phone",
  "email",
  "account.number",
  "national_id",
  "finance.customer.id",
  "session.id",
  "http.request.header.authorization",
  "http.request.header.cookie",
  "traceId",
  "amount",
  "user.id",
  "Value",
  "4111",
];
const FRAGMENTS = [
  "4111111111111111",
  "4111 1111 1111 1111",
  "5555-5555-5555-4444",
  "378282246310005",
  "6205500000000000004",
  "4111",
  "411111******1111",
  "1111",
  "254712345678",
  "+254 712 345 678",
  "0712345678",
  "j@ex.io",
  "@",
  "jane.doe@example.co.ke",
  "DE89370400440532013000",
  "GB82 WEST 1234 5698 7654 32",
  "536-22-8726",
  "8001015009087",
  "A123456789Z",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlMTIzNDU2Nzg5MA",
  "sk_live_51H8abcdefghijklmnopqrst",
  "AKIAIOSFODNN7EXAMPLE",
  "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
  "-----BEGIN PRIVATE KEY-----",
  "-----END PRIVATE KEY-----",
  "postgres://u:p4ss@h/db",
  "Bearer ",
  "Basic ",
  "dXNlcjpwYXNzd29yZA==",
  "eyJwYW4iOiI0MTExMTExMTExMTExMTExIn0=",
  "34313131313131313131313131313131",
  "password",
  "passwd=",
  "pwd:",
  "cvv",
  "cvv=",
  "987",
  "pin",
  "PIN is ",
  "pin: 4821",
  "otp 123456",
  "token",
  "secret",
  "card",
  "account number ",
  "id number ",
  "iban ",
  "%B4111111111111111^DOE/JANE^2912101",
  ";4111111111111111=29121010000?",
  "5F24",
  "9F26",
  "=",
  ":",
  '"',
  "'",
  "\\",
  '\\"',
  "\\u0034",
  "\\n",
  "%",
  "%25",
  "%2520",
  "%20",
  "%40",
  "&#52;",
  "&amp;",
  "&quot;",
  "=3D",
  "<",
  ">",
  "</pin>",
  "<pin>",
  "&",
  ";",
  ",",
  ".",
  "-",
  "_",
  "/",
  "+",
  " ",
  "  ",
  "\t",
  "\n",
  "\r\n",
  "\0",
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  "*",
  "$",
  "#",
  "?",
  "|",
  "^",
  "[card]",
  "[sad]",
  "[phone]",
  "[email]",
  "[credential]",
  "[removed]",
  "[",
  "card]",
  "p1.k1.ql6ebtx4fywqvqrqkjay5cihzz",
  "p1.",
  "\u200B",
  "\u00A0",
  "\u202E",
  "\uFEFF",
  "４１１１",
  "٤١١١",
  "é",
  "ß",
  "İ",
  "😀",
  "\uD83D",
  "\uDE00",
  "\u2013",
  "\u001B[31m",
  "INSERT INTO c(pan, cvv) VALUES (",
  "SELECT * FROM c WHERE pan = ",
  "$1",
  "'O''Hara'",
  "at f (/app/a.js:1:2)",
  "2026-11-24T10:15:30.123Z",
  "1763720130123",
  "4bf92f3577b34da6a3ce929d0e0e4736",
  "550e8400-e29b-41d4-a716-446655440000",
  "0",
  "1",
  "12",
  "123456",
  "1e400",
  "0x",
  "null",
  "true",
  "a",
  "Z",
  "user",
  "trace_id=",
  "https://h/p?q=",
];

function valueOf(random: Random, depth: number): unknown {
  switch (random.below(depth > 3 ? 12 : 16)) {
    case 8:
      return raw(random);
    case 9:
      return Number(random.digits(1 + random.below(17))) * random.pick([1, -1, 0.1, 1e-9]);
    case 10:
      return BigInt(random.digits(1 + random.below(30)));
    case 11:
      return Uint8Array.from({ length: random.below(60) }, () => random.below(256));
    case 12:
      return Array.from({ length: random.below(5) }, () => valueOf(random, depth + 1));
    case 13:
      return Object.fromEntries(
        Array.from({ length: random.below(5) }, () => [
          random.pick([...KEYS, random.pick(FRAGMENTS)]),
          valueOf(random, depth + 1),
        ]),
      );
    case 14:
      return Array.from({ length: random.below(24) }, () => random.below(random.pick([10, 256])));
    case 15:
      return random.pick([
        null,
        undefined,
        true,
        Number.NaN,
        -0,
        Infinity,
        new Date(0),
        Symbol.iterator,
      ]);
    default:
      return composed(random);
  }
}

function composed(random: Random): string {
  const length = 1 + random.below(12);
  // Now and then longer than what is scanned of one value.
  const times = random.below(4000) === 0 ? 20_000 : 1;
  return Array.from({ length }, () => random.pick(FRAGMENTS))
    .join(random.pick(["", "", " "]))
    .repeat(times)
    .slice(0, 200_000);
}

function raw(random: Random): string {
  const limit = random.pick([0x80, 0x100, 0x3000, 0x10000]);
  return String.fromCharCode(
    ...Array.from({ length: random.below(80) }, () => random.below(limit)),
  );
}
