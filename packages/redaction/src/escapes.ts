import { foldCodePoint } from "./unicode.ts";

/** One decoding of a text: each character knows which part of the source it came from. */
export interface Layer {
  text: string;
  starts: number[];
  ends: number[];
  /** A decoded character may begin another escape, so another pass may find more. */
  again: boolean;
}

const PERCENT = 37;
const AMPERSAND = 38;
const EQUALS = 61;
const BACKSLASH = 92;
const ESCAPE = 27;

// The names that stand for a separator, a quote or markup; other names cannot hide a secret.
const ENTITIES = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: " ",
    ensp: " ",
    emsp: " ",
    thinsp: " ",
    numsp: " ",
    Tab: "\t",
    NewLine: "\n",
    ndash: "-",
    mdash: "-",
    hyphen: "-",
    dash: "-",
    minus: "-",
    commat: "@",
    plus: "+",
    period: ".",
    colon: ":",
    equals: "=",
    lowbar: "_",
    sol: "/",
    bsol: "\\",
    percnt: "%",
    shy: "\u00AD",
    zwnj: "\u200C",
    zwj: "\u200D",
  }),
);

/** Text that {@link decodeOnce} would change. */
export const ESCAPED: RegExp =
  /[%\\&]|[^\t\n\r -~]|=[0-9A-F]{2}=[0-9A-F]{2}=[0-9A-F]{2}=[0-9A-F]{2}/;

/** Percent, JSON, HTML, quoted-printable and Unicode spellings become ASCII; ANSI colours vanish. */
export function decodeOnce(source: string): Layer {
  const layer: Layer = { text: "", starts: [], ends: [], again: false };
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    const next =
      code === PERCENT
        ? percent(source, at, layer)
        : code === BACKSLASH
          ? backslash(source, at, layer)
          : code === AMPERSAND
            ? entity(source, at, layer)
            : code === ESCAPE
              ? ansi(source, at)
              : code === EQUALS
                ? quotedPrintable(source, at, layer)
                : 0;
    if (next > at) {
      at = next;
    } else if (code === 0 || code >= 0x80) {
      const point = source.codePointAt(at) ?? code;
      const end = at + (point > 0xff_ff ? 2 : 1);
      emit(layer, point, at, end);
      at = end;
    } else {
      put(layer, source.charAt(at), at, at + 1);
      at++;
    }
  }
  return layer;
}

function put(layer: Layer, chars: string, start: number, end: number): void {
  layer.text += chars;
  for (let unit = 0; unit < chars.length; unit++) {
    layer.starts.push(start);
    layer.ends.push(end);
  }
}

function emit(layer: Layer, codePoint: number, start: number, end: number): void {
  if (codePoint > 0x10_ff_ff) return;
  const folded = codePoint === 0 || codePoint >= 0x80 ? foldCodePoint(codePoint) : codePoint;
  if (folded < 0) return;
  if (folded === PERCENT || folded === BACKSLASH || folded === AMPERSAND) layer.again = true;
  put(layer, String.fromCodePoint(folded), start, end);
}

function hexAt(source: string, at: number, length: number): number {
  let value = 0;
  for (let index = at; index < at + length; index++) {
    const digit = Number.parseInt(source.charAt(index), 16);
    if (Number.isNaN(digit)) return -1;
    value = value * 16 + digit;
  }
  return value;
}

// `%25` encodes the percent sign itself, so `%2520` is a space that was encoded twice.
function percentByte(source: string, at: number): { byte: number; end: number } | undefined {
  if (source.charCodeAt(at) !== PERCENT) return undefined;
  let hex = at + 1;
  while (source.startsWith("25", hex) && hexAt(source, hex + 2, 2) >= 0) hex += 2;
  const byte = hexAt(source, hex, 2);
  return byte < 0 ? undefined : { byte, end: hex + 2 };
}

function percent(source: string, at: number, layer: Layer): number {
  const first = percentByte(source, at);
  if (first === undefined) return at;
  if (first.byte < 0x80) {
    emit(layer, first.byte, at, first.end);
    return first.end;
  }
  const following = first.byte >= 0xf0 ? 3 : first.byte >= 0xe0 ? 2 : first.byte >= 0xc2 ? 1 : 0;
  if (following === 0) return at;
  let point = first.byte & (0x3f >> following);
  let end = first.end;
  for (let index = 0; index < following; index++) {
    const next = percentByte(source, end);
    if (next === undefined || (next.byte & 0xc0) !== 0x80) return at;
    point = (point << 6) | (next.byte & 0x3f);
    end = next.end;
  }
  emit(layer, point, at, end);
  return end;
}

// An odd run of backslashes escapes what follows it, at one or more depths of nesting.
function backslash(source: string, at: number, layer: Layer): number {
  let after = at;
  while (source.charCodeAt(after) === BACKSLASH) after++;
  const odd = (after - at) % 2 === 1;
  const char = source.charAt(after);
  if (char === "u") {
    const braced = /^u\{([0-9a-fA-F]{1,6})\}/.exec(source.slice(after, after + 9));
    if (braced?.[1] !== undefined) {
      emit(layer, Number.parseInt(braced[1], 16), at, after + braced[0].length);
      return after + braced[0].length;
    }
    const unit = hexAt(source, after + 1, 4);
    if (unit < 0) return literal(layer, at, after);
    let end = after + 5;
    if (unit >= 0xd8_00 && unit < 0xdc_00) {
      const low = /^\\+u(d[c-f][0-9a-f]{2})/i.exec(source.slice(end, end + 16));
      if (low?.[1] !== undefined) {
        end += low[0].length;
        const point = 0x1_00_00 + ((unit & 0x3_ff) << 10) + (Number.parseInt(low[1], 16) & 0x3_ff);
        emit(layer, point, at, end);
        return end;
      }
    }
    emit(layer, unit, at, end);
    return end;
  }
  if (char === "x" && hexAt(source, after + 1, 2) >= 0) {
    emit(layer, hexAt(source, after + 1, 2), at, after + 3);
    return after + 3;
  }
  if (/^0[67][0-7]/.test(source.slice(after, after + 3))) {
    emit(layer, Number.parseInt(source.slice(after, after + 3), 8), at, after + 3);
    return after + 3;
  }
  if (!odd || char === "") return literal(layer, at, after);
  const plain = { n: "\n", r: "\r", t: "\t", b: " ", f: " " }[char] ?? char;
  if (plain === char && !/["'`/]/.test(char)) return literal(layer, at, after);
  put(layer, plain, at, after + 1);
  return after + 1;
}

function literal(layer: Layer, at: number, after: number): number {
  put(layer, "\\", at, after);
  return after;
}

function entity(source: string, at: number, layer: Layer): number {
  const match = /^&(?:amp;){0,4}(?:#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));?|([A-Za-z]{2,8});)/.exec(
    source.slice(at, at + 40),
  );
  if (match === null) return at;
  const [whole, decimal, hex, name] = match;
  const end = at + whole.length;
  if (name !== undefined) {
    const char = ENTITIES.get(name);
    if (char === undefined) return at;
    emit(layer, char.charCodeAt(0), at, end);
    return end;
  }
  emit(layer, decimal === undefined ? Number.parseInt(hex ?? "0", 16) : Number(decimal), at, end);
  return end;
}

function ansi(source: string, at: number): number {
  const match = /^\p{Cc}\[[0-9;]{0,32}[A-Za-z]/u.exec(source.slice(at, at + 40));
  return match === null ? at : at + match[0].length;
}

// One `=41` is a query value; only a run of at least four is quoted-printable.
function quotedPrintable(source: string, at: number, layer: Layer): number {
  const match = /^(?:=[0-9A-F]{2}){4,}/.exec(source.slice(at, at + 300));
  if (match === null) return at;
  for (let index = at; index < at + match[0].length; index += 3) {
    emit(layer, hexAt(source, index + 1, 2), index, index + 3);
  }
  return at + match[0].length;
}
