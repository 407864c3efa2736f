import { isUtf8 } from "node:buffer";
import { findIn, findInList, type Found, memberKey } from "./find-in.ts";
import { findInWindows } from "./find-windows.ts";
import { type JsonMember, type JsonNode, type JsonString, readJson } from "./json-node.ts";

/** A finding at its bytes of the document. `text` is what was found: for a hash, and for nobody's eyes. */
export interface Located extends Found {
  key: string;
  text: string;
}

/** A JSON document, JSON lines, OTLP/JSON or plain text, also mixed line by line: all that redaction would find in it. */
export function scanDocument(bytes: Buffer): Located[] {
  const found: Located[] = [];
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const whole = jsonOf(bytes, start, bytes.length);
  if (whole === undefined) scanLines(bytes, start, found);
  else scanNode(whole, "", { bytes, found });
  return found.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

interface Scan {
  bytes: Buffer;
  found: Located[];
}

function scanLines(bytes: Buffer, start: number, found: Located[]): void {
  // Lines of text are looked at together: a private key has many.
  let textFrom = start;
  for (let at = start; at < bytes.length;) {
    const newline = bytes.indexOf(10, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    const node = jsonOf(bytes, at, end);
    if (node !== undefined) {
      scanText(bytes, textFrom, at, found);
      scanNode(node, "", { bytes, found });
      textFrom = end;
    }
    at = end;
  }
  scanText(bytes, textFrom, bytes.length, found);
}

// Only what begins as an object or a list: a line that is `12` is text.
function jsonOf(bytes: Buffer, start: number, end: number): JsonNode | undefined {
  let at = start;
  while (at < end && (bytes[at] === 32 || (bytes[at]! >= 9 && bytes[at]! <= 13))) at++;
  if (bytes[at] !== 0x7b && bytes[at] !== 0x5b) return undefined;
  return isUtf8(bytes.subarray(start, end)) ? readJson(bytes, start, end) : undefined;
}

function scanText(bytes: Buffer, start: number, end: number, found: Located[]): void {
  const part = bytes.subarray(start, end);
  if (isUtf8(part)) {
    place(
      findInWindows(part.toString("utf8"), ""),
      { text: part.toString("utf8") },
      start,
      "",
      found,
    );
    return;
  }
  // Each byte is a character, of which those above 127 have two bytes in UTF-8.
  const places: number[] = [];
  for (const [index, byte] of part.entries()) {
    for (let size = byte < 128 ? 1 : 2; size > 0; size--) places.push(start + index);
  }
  places.push(end);
  const text = part.toString("latin1");
  place(findInWindows(text, ""), { text, places }, start, "", found);
}

function scanNode({ of, start, end }: JsonNode, key: string, scan: Scan): void {
  if (of === undefined) return;
  if ("text" in of) {
    place(findInWindows(of.text, key), of, start + 1, key, scan.found);
  } else if ("number" in of) {
    place(findIn(of.number, key, "number"), { text: of.number }, start, key, scan.found);
  } else if ("items" in of) {
    const numbers = of.items.map(
      (item) => item.of && "number" in item.of && Number(item.of.number),
    );
    const isList = numbers.length >= 8 && numbers.every((number) => typeof number === "number");
    const finding = isList ? findInList(numbers, key) : undefined;
    if (finding === undefined) for (const item of of.items) scanNode(item, key, scan);
    else {
      const text = scan.bytes.toString("utf8", start, end);
      scan.found.push({ ...finding, start, end, key, text });
    }
  } else {
    scanMembers(of.members, key, scan);
  }
}

const ANY_VALUE = /^(?:string|int|double|bool|bytes|array|kvlist)Value$/;

function scanMembers(members: readonly JsonMember[], key: string, scan: Scan): void {
  const [only] = members;
  // OTLP's wrapper of a value adds no name: {stringValue: "x"}, {arrayValue: {values: […]}}.
  if (members.length === 1 && only !== undefined && ANY_VALUE.test(only.name.of.text)) {
    const inner = only.value.of;
    const [values] = inner !== undefined && "members" in inner ? inner.members : [];
    if (only.name.of.text === "intValue" && inner !== undefined && "text" in inner) {
      place(findIn(inner.text, key, "number"), inner, only.value.start + 1, key, scan.found);
    } else scanNode(values?.name.of.text === "values" ? values.value : only.value, key, scan);
    return;
  }
  const named = nameOf(members);
  for (const { name, value } of members) {
    place(findIn(name.of.text), name.of, name.start + 1, "", scan.found);
    const isNamed = named !== undefined && /^(?:value|val|data)$/i.test(name.of.text);
    scanNode(value, isNamed ? nested(key, named, value) : memberKey(key, name.of.text), scan);
  }
}

// An entry of a kvlistValue is a part of the value of `key`; everything else has a whole name.
function nested(key: string, name: string, { of }: JsonNode): string {
  const isWrapped =
    of !== undefined && "members" in of && ANY_VALUE.test(of.members[0]?.name.of.text ?? "");
  return isWrapped && !/(?:^|\.)attributes$/.test(key) ? memberKey(key, name) : name;
}

// {Name: "PhoneNumber", Value: 254712345678}: the value of one is the key of the other.
function nameOf(members: readonly JsonMember[]): string | undefined {
  const pair = members.find(({ name }) => /^(?:name|key|field)$/i.test(name.of.text));
  return pair?.value.of !== undefined && "text" in pair.value.of ? pair.value.of.text : undefined;
}

function place(
  all: readonly Found[],
  { text, places }: JsonString,
  origin: number,
  key: string,
  found: Located[],
): void {
  const utf8 = all.length > 0 ? Buffer.from(text) : undefined;
  for (const one of all) {
    const start = places?.[one.start] ?? origin + one.start;
    const end = places?.[one.end] ?? origin + one.end;
    found.push({ ...one, start, end, key, text: utf8?.toString("utf8", one.start, one.end) ?? "" });
  }
}
