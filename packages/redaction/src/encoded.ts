import { matchesOf } from "./matches.ts";
import type { DataClass } from "./finding.ts";
import { type Rule, type Sight, type Span, TOKEN, FEW_DIGITS } from "./rule.ts";

const MARKERS: Readonly<Record<DataClass, string>> = {
  pci_sad: "[sad]",
  pci_chd: "[card]",
  credential: "[credential]",
  pii: "[id]",
  confidential: "[removed]",
};

// The password of an STK push: short code, passkey, timestamp.
const DARAJA = /^\d{5,7}[0-9a-zA-Z]{20,100}20\d{12}$/;

/** Base64, hexadecimal and lists of byte values that decode to something to redact. */
export const encoded: Rule = {
  name: "encoded",
  needs: TOKEN | FEW_DIGITS,
  find,
  removes: [
    "eyJwYW4iOiI0MTExMTExMTExMTExMTExIiwiY3Z2IjoiMTIzIn0=",
    "body: eyJlbWFpbCI6ImphbmUuZG9lQGV4YW1wbGUuY28ua2UifQ== end",
    "<Buffer 34 31 31 31 31 31 31 31 31 31 31 31 31 31 31 31>",
    "34313131313131313131313131313131",
    '{"type":"Buffer","data":[52,49,49,49,49,49,49,49,49,49,49,49,49,49,49,49]}',
  ],
  keeps: [
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
    "[52,49,50,1000,3]",
    "aGVsbG8gd29ybGQsIHRoaXMgaXMgZmluZQ==",
  ],
};

function find(sight: Sight): Span[] {
  const { text } = sight.view;
  const spans: Span[] = [];
  const tryDecoded = (start: number, end: number, decoded: string | undefined): boolean => {
    if (decoded === undefined) return false;
    const worst = DARAJA.test(decoded) ? "credential" : sight.decoded(decoded);
    if (worst === undefined) return false;
    spans.push({ start, end, class: worst, marker: MARKERS[worst], detector: "encoded" });
    return true;
  };
  for (const match of matchesOf(text, /[A-Za-z0-9+/_-]{14,}={0,2}/g)) {
    const prefix = match[0].startsWith("0x") ? 2 : 0;
    const token = match[0].slice(prefix);
    const index = match.index + prefix;
    if (
      /^[0-9a-fA-F]{24,}$/.test(token) &&
      tryDecoded(index, index + token.length, printable(hexOf(token)))
    )
      continue;
    if (tryDecoded(index, index + token.length, printable(Buffer.from(token, "base64")))) continue;
    // A path or an identifier in front shifts the alphabet; its parts may decode alone.
    if (!/[/_-]/.test(token)) continue;
    for (const part of matchesOf(token, /[A-Za-z0-9+]{14,}={0,2}/g)) {
      if (part[0].length === token.length) continue;
      const start = index + part.index;
      tryDecoded(start, start + part[0].length, printable(Buffer.from(part[0], "base64")));
    }
  }
  for (const { index, 0: dump } of matchesOf(
    text,
    /(?<![0-9A-Za-z])(?:0x)?[0-9a-fA-F]{2}(?:(?:, ?| |:|-|, ?0x| 0x)[0-9a-fA-F]{2}(?![0-9A-Za-z])){7,}/g,
  )) {
    const hex = dump.replace(/0x|[^0-9a-fA-F]/g, "");
    if (tryDecoded(index, index + dump.length, printable(hexOf(hex)))) continue;
    if (/^[0-9a-fA-F ]+$/.test(dump)) tryDecoded(index, index + dump.length, hex);
  }
  for (const { index, 0: list } of matchesOf(
    text,
    /(?<![\d.])\d{2,3}(?:, ?\d{1,3}(?![\d.])){7,}/g,
  )) {
    const codes = list.split(",").map(Number);
    if (codes.every((code) => code < 256))
      tryDecoded(index, index + list.length, printable(Buffer.from(codes)));
  }
  return spans;
}

function hexOf(text: string): Buffer {
  return Buffer.from(text.length % 2 === 0 ? text : text.slice(0, -1), "hex");
}

/** The text that the bytes are, if they are one; UTF-16 too. */
function printable(bytes: Buffer): string | undefined {
  if (bytes.length < 8) return undefined;
  const head = bytes.subarray(0, 32);
  let readable = 0;
  let zeros = 0;
  for (const byte of head) {
    if (byte === 0) zeros++;
    else if ((byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13) || byte >= 0xc2) readable++;
  }
  if (zeros * 3 > head.length) return bytes.toString("latin1").replaceAll("\0", "");
  return readable >= head.length * 0.9 ? bytes.toString("utf8") : undefined;
}
