/** A JSON value with the place of its bytes in the source. */
export interface JsonNode {
  start: number;
  end: number;
  /** Absent for `true`, `false` and `null`. */
  of?: JsonString | { number: string } | { items: JsonNode[] } | { members: JsonMember[] };
}

/** A string as it reads, and where each of its UTF-8 bytes stands; absent places follow `start + 1`. */
export interface JsonString {
  text: string;
  places?: readonly number[];
}

export interface JsonMember {
  name: JsonNode & { of: JsonString };
  value: JsonNode;
}

// Deeper ones are nobody's telemetry, and the walk is recursive.
const DEEPEST = 256;
const QUOTE = 34;
const BACKSLASH = 92;
const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class NotJson extends Error {}

/** Reads the JSON value that all of `bytes` between `start` and `end` are; `undefined` when they are not one. */
export function readJson(bytes: Buffer, start: number, end: number): JsonNode | undefined {
  let at = start;
  try {
    const node = value(0);
    space();
    return at === end ? node : undefined;
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }

  function value(depth: number): JsonNode {
    space();
    const from = at;
    const char = peek();
    if (depth > DEEPEST) throw new NotJson();
    if (char === '"') return string();
    if (char === "[") {
      const items = list("]", () => value(depth + 1));
      return { start: from, end: at, of: { items } };
    }
    if (char === "{") {
      const members = list("}", () => member(depth + 1));
      return { start: from, end: at, of: { members } };
    }
    while (at < end && /[-+.\w]/.test(peek())) at++;
    const word = bytes.toString("latin1", from, at);
    if (/^(?:true|false|null)$/.test(word)) return { start: from, end: at };
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(word)) throw new NotJson();
    return { start: from, end: at, of: { number: word } };
  }

  function member(depth: number): JsonMember {
    space();
    const name = string();
    space();
    take(":");
    return { name, value: value(depth) };
  }

  function list<Item>(close: string, item: () => Item): Item[] {
    const items: Item[] = [];
    at++;
    space();
    while (peek() !== close) {
      if (items.length > 0) take(",");
      items.push(item());
      space();
    }
    at++;
    return items;
  }

  function string(): JsonNode & { of: JsonString } {
    const from = at;
    take('"');
    let isPlain = true;
    while (at < end && bytes[at] !== QUOTE) {
      if (bytes[at] === BACKSLASH) {
        isPlain = false;
        at++;
      }
      at++;
    }
    take('"');
    const of = isPlain ? { text: bytes.toString("utf8", from + 1, at - 1) } : unescape(from + 1);
    return { start: from, end: at, of };
  }

  // Up to the quote before `at`.
  function unescape(from: number): JsonString {
    let text = "";
    const places: number[] = [];
    const raw = bytes.toString("utf8", from, at - 1);
    let place = from;
    for (const [part] of raw.matchAll(
      /(?:\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2})|\\u[\da-fA-F]{4}|\\["\\/bfnrt]|[^\\]|\\/gu,
    )) {
      if (part === "\\") throw new NotJson();
      const char = part.startsWith("\\") ? unescaped(part) : part;
      text += char;
      const size = Buffer.byteLength(char);
      for (let byte = 0; byte < size; byte++) places.push(part === char ? place + byte : place);
      place += Buffer.byteLength(part);
    }
    places.push(place);
    return { text, places };
  }

  function space(): void {
    while (at < end && (bytes[at] === 32 || (bytes[at]! >= 9 && bytes[at]! <= 13))) at++;
  }

  function peek(): string {
    if (at >= end) throw new NotJson();
    return String.fromCharCode(bytes[at]!);
  }

  function take(char: string): void {
    if (peek() !== char) throw new NotJson();
    at++;
  }
}

function unescaped(part: string): string {
  if (part.charAt(1) !== "u") return ESCAPES[part.charAt(1)] ?? part.charAt(1);
  const units = part.split("\\u").slice(1);
  return String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
}
