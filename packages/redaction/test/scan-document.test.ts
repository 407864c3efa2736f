import { describe, expect, test } from "vitest";
import { scanDocument } from "../src/scan-document.ts";
import testCases from "./cases.json";

const PAN = "4111111111111111";

function found(document: string | Buffer): [detector: string, text: string][] {
  const bytes = Buffer.from(document);
  return scanDocument(bytes).map(({ detector, start, end }) => [
    detector,
    bytes.toString("utf8", start, end),
  ]);
}

test("gives the bytes of what it finds in text, also after characters of several bytes", () => {
  expect(found(`é😀 card ${PAN},\n  mail j@ex.io`)).toEqual([
    ["pan", PAN],
    ["email", "j@ex.io"],
  ]);
});

test("gives the bytes of what it finds in text that is not UTF-8", () => {
  const bytes = Buffer.concat([Buffer.from([0xe9, 0xff, 0x20]), Buffer.from(`mail j@ex.io ok`)]);
  expect(found(bytes)).toEqual([["email", "j@ex.io"]]);
});

test("goes by the key of a JSON value, as the gate does", () => {
  expect(found(`{"cvv":"987","amount":987,"card":{"pin":4821},"list":["j@ex.io"]}`)).toEqual([
    ["key-cvv", "987"],
    ["key-pin", "4821"],
    ["email", "j@ex.io"],
  ]);
});

test("gives the bytes in the source of what JSON escapes", () => {
  expect(found(String.raw`{"note":"\u00e9\n\ud83d\ude00 pan \u0034111111111111111 x"}`)).toEqual([
    ["pan", String.raw`\u0034111111111111111`],
  ]);
});

test("finds what is in a key, in a list of digits and in bytes", () => {
  expect(found(`{"pan ${PAN}":1}`)).toEqual([["pan", PAN]]);
  const digits = JSON.stringify(Array.from(PAN, Number));
  expect(found(`{"x":${digits}}`).map(([, text]) => text)).toEqual([digits]);
});

test("reads OTLP's attributes by their names and their values by their kinds", () => {
  const body = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "host.name", value: { stringValue: "web-1" } }] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
                spanId: "00f067aa0ba902b7",
                startTimeUnixNano: "1763720130123456789",
                name: "pay j@ex.io",
                attributes: [
                  { key: "customer.phone", value: { stringValue: "0712345678" } },
                  { key: "pin", value: { intValue: "4821" } },
                  { key: "finance.customer.id", value: { stringValue: "cus_42" } },
                  {
                    key: "card",
                    value: {
                      kvlistValue: { values: [{ key: "number", value: { stringValue: PAN } }] },
                    },
                  },
                  {
                    key: "phone",
                    value: { arrayValue: { values: [{ stringValue: "0712345678" }] } },
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  };
  expect(found(JSON.stringify(body, null, 1))).toEqual([
    ["email", "j@ex.io"],
    ["key-phone", "0712345678"],
    ["key-pin", "4821"],
    ["registry", "cus_42"],
    ["key-pan", PAN],
    ["key-phone", "0712345678"],
  ]);
});

test("reads JSON lines among lines of text", () => {
  expect(found(`start\n{"pin":"4821"}\n{broken j@ex.io\n[1,2]\nmail k@ex.io\n`)).toEqual([
    ["key-pin", "4821"],
    ["email", "j@ex.io"],
    ["email", "k@ex.io"],
  ]);
});

test("finds everything once in a text that is longer than one look", () => {
  const line = `2026-11-21 é paid ${PAN} to j@ex.io ok\n`;
  const all = found(line.repeat(4000));
  expect(all).toHaveLength(8000);
  expect(new Set(all.map((one) => one.join(" ")))).toEqual(
    new Set([`pan ${PAN}`, "email j@ex.io"]),
  );
});

test("finds a private key over its lines", () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEF\n".repeat(20)}-----END PRIVATE KEY-----`;
  expect(found(`before\n${key}\nafter`).map(([, text]) => text)).toEqual([key]);
});

test("a document that is nested without end is text", () => {
  expect(found("[".repeat(100_000))).toEqual([]);
});

describe("the shared cases, as JSON lines", () => {
  const plain = testCases.filter(
    ({ value }) =>
      typeof value !== "object" || value === null || !("bigint" in value || "base64" in value),
  );

  test.each(plain.filter(({ secrets }) => secrets === null))("$id is clean", (one) => {
    expect(found(JSON.stringify({ [one.key]: one.value }))).toEqual([]);
  });

  test.each(plain.filter(({ secrets }) => secrets !== null))("$id is found", (one) => {
    const bytes = Buffer.from(JSON.stringify({ [one.key]: one.value }));
    const all = scanDocument(bytes);
    expect(all).not.toEqual([]);
    for (const { start, end } of all) bytes.fill("x", start, end);
    const rest = bytes.toString("utf8");
    const isPlain = (secret: string): boolean => !/^[A-Z]{3,7}$/.test(secret);
    expect(one.secrets?.filter((secret) => isPlain(secret) && rest.includes(secret))).toEqual([]);
  });
});
