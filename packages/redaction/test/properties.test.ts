import { expect, test } from "vitest";
import { createRedactor } from "../src/index.ts";
import { generator, RULES } from "./traffic.ts";

const redactor = createRedactor();
const BRANDS = [
  "4111111111111111",
  "5555555555554444",
  "2223003122003222",
  "378282246310005",
  "6011111111111117",
  "3530111333300000",
  "30569309025904",
  "6205500000000000004",
  "5061460410120223210",
  "6759649826438453",
];
const SEPARATORS = [
  "",
  " ",
  "-",
  ".",
  "_",
  "/",
  "+",
  "\u00A0",
  "\u202F",
  "\u2013",
  "\u200B",
  "%20",
  "%2520",
  "%2D",
  "&nbsp;",
  "\\u0020",
  "\t",
];
const TEMPLATES = [
  "card @ declined",
  "pan=@",
  "@",
  "(@)",
  '{"cardNumber":"@"}',
  '{"a":{"pan":"@","b":1}}',
  "<PAN>@</PAN>",
  "GET /cards/@/pin",
  "?card=@&amount=5",
  "INSERT INTO c(pan) VALUES ('@')",
  "Error: card @: rejected\n    at f (/app/card.js:1:2)",
  "card:@,exp:12/29",
  "[card @]",
  "card number is @.",
  "cards: @; @",
  "key card @ key",
  "card_@_x",
  "cc|@|",
  "msg='card @'",
  "visa #@!",
];

function group(pan: string, separator: string): string {
  const sizes = pan.length === 15 ? [4, 6, 5] : pan.length === 14 ? [4, 6, 4] : [4, 4, 4, 4, 3];
  const parts: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at < pan.length) parts.push(pan.slice(at, at + size));
    at += size;
  }
  return parts.join(separator);
}

test("no brand, separator and surrounding lets a card number through", () => {
  const survivors: string[] = [];
  for (const template of TEMPLATES) {
    for (const pan of BRANDS) {
      for (const separator of SEPARATORS) {
        const text = template.replaceAll("@", group(pan, separator));
        const out = redactor.text(text);
        if (out.includes(group(pan, separator)) || out.replace(/\D/g, "").includes(pan)) {
          survivors.push(text);
        }
        if (redactor.text(out) !== out) survivors.push(`not idempotent: ${text}`);
      }
    }
  }
  expect(survivors).toEqual([]);
});

test("what a rule removes is removed among any words, and once is enough", () => {
  const random = generator(20261121);
  const words = [
    "ok",
    "at",
    "retry 3",
    "10.0.0.1",
    "-",
    "user 42",
    "2026-11-21",
    "done;",
    "a=b",
    "\n",
    "é",
    "{x}",
    "100%",
    '"q"',
  ];
  const some = (): string =>
    Array.from({ length: random(4) }, () => words[random(words.length)]).join(" ");
  const failures: string[] = [];
  for (const rule of RULES.filter(({ key }) => key === undefined)) {
    for (const example of rule.removes) {
      for (let round = 0; round < 12; round++) {
        const text = `${some()} ${example} ${some()}`;
        const out = redactor.text(text);
        if (out.includes(example)) failures.push(`${rule.name}: ${text}`);
        if (redactor.text(out) !== out)
          failures.push(`${rule.name}, twice: ${text} => ${out} => ${redactor.text(out)}`);
      }
    }
  }
  expect(failures).toEqual([]);
});

test("a random text of dangerous characters never throws and is left alone the second time", () => {
  const random = generator(7);
  const parts = [
    "4111",
    " ",
    "-",
    "password",
    "=",
    ":",
    '"',
    "\\",
    '\\"',
    "%",
    "%25",
    "22",
    "&",
    "#52;",
    "@",
    "x.io",
    "'",
    "cvv",
    "987",
    ">",
    "<pin>",
    "[sad]",
    "[",
    "]",
    "*",
    "eyJ",
    "254712345678",
    ",",
    ";",
    "\n",
    "Bearer ",
    "token",
    "(",
    ")",
    "{",
    "}",
    "pin is ",
    "0712345678",
    "1",
  ];
  const failures: string[] = [];
  for (let round = 0; round < 6000; round++) {
    const text = Array.from({ length: 2 + random(14) }, () => parts[random(parts.length)]).join("");
    const once = redactor.text(text);
    if (redactor.text(once) !== once) failures.push(`${text} => ${once} => ${redactor.text(once)}`);
  }
  expect(failures).toEqual([]);
});

test("twice the text takes about twice the work, whatever is in it", () => {
  const seeds = [
    "4",
    "4111 ",
    "password=",
    'password:"',
    "\\",
    "%25",
    "&amp;",
    "a@",
    "a.",
    "<",
    ">",
    "eyJ",
    "://",
    '{"a":',
    "'",
    "-----BEGIN PRIVATE KEY-----",
    "insert into a(b) values (",
    "pin is ",
    "254 ",
    "A1",
    "1, ",
    "4 1",
    "x=y&",
    "Bearer ",
    "+1 ",
  ];
  const slow: string[] = [];
  for (const seed of seeds) {
    const timeOf = (length: number): number => {
      const text = seed.repeat(Math.ceil(length / seed.length)).slice(0, length);
      let best = Infinity;
      for (let round = 0; round < 3; round++) {
        const start = process.cpuUsage();
        redactor.text(text);
        const { user, system } = process.cpuUsage(start);
        best = Math.min(best, user + system);
      }
      return best;
    };
    const small = timeOf(8_000);
    const large = timeOf(64_000);
    // Eight times the text; a quadratic rule takes sixty-four times. Short times are noise.
    if (large > 60_000 && large > small * 30) slow.push(`${seed}: ${small} us, ${large} us`);
  }
  expect(slow).toEqual([]);
}, 60_000);
