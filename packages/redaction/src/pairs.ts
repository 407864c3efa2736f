import { judge, type Form } from "./judge.ts";
import { type Kind, kindOf } from "./keys.ts";
import { markerAt, PAIR, type Rule, type Sight, type Span } from "./rule.ts";
import { percentDepth, quoteLevel, spelling, type View } from "./view.ts";

const LONGEST_KEY = 64;

/** Values beside a key that names them: JSON, XML, SQL, query strings, headers, prose with a colon. */
export const pairs: Rule = {
  name: "pairs",
  needs: PAIR,
  find,
  removes: [
    '{"cvv":987}',
    '{"user":"bob","passwd" : "pa55\\"word"}',
    "<ns2:Password>Hunter2!!</ns2:Password>",
    "client-secret=abcd1234efgh",
    "Server=db;User Id=sa;Password=Str0ngP@ss;",
    "password: Hunter2!",
    "{ password: 'Hunter2!' }",
    "CVC2: 9876",
    "DE52=A1B2C3D4E5F60718",
    '{"Name":"PhoneNumber","Value":254708374149}',
    "user[password]=hunter2&x=1",
    "x-api-key: 9d8f7a6b5c4e3d2f1a0b",
    "password%3Dhunter2%26x%3D1",
    "password[]=hunter2",
    "cvv: 123/pin: 4821",
    "cvv=987654",
  ],
  keeps: [
    '{"password":null,"token_type":"Bearer","expires_in":3599}',
    "password: required",
    "author: jane, authority=ke.bank",
    "UPDATE users SET password_hash = $1 WHERE id = $2",
    "cvv_result=MATCH",
    "messaging.kafka.message.key=payments-42",
    "password=********",
    "http://host:8080/path",
    "10:15:30",
    "pin: map",
  ],
};

function find({ view }: Sight): Span[] {
  const { text } = view;
  const spans: Span[] = [];
  let named: { key: string; end: number } | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 61 && code !== 58 && code !== 62) continue;
    const key = keyBefore(text, at);
    if (key === undefined) continue;
    const kind = kindOf(key.name);
    // {"Name":"PhoneNumber","Value":254712345678}: the key is the value of the pair before.
    const indirect =
      kind === undefined &&
      named !== undefined &&
      at - named.end < 40 &&
      /^(?:value|val|data|content)$/i.test(key.name);
    const actual = indirect && named !== undefined ? kindOf(named.key) : kind;
    if (actual === undefined) {
      if (/^(?:name|key|field|param|header|id)$/i.test(key.name)) {
        const extent = valueAfter(view, at, "prose", "secret");
        if (extent !== undefined)
          named = { key: text.slice(extent.start, extent.end), end: extent.end };
      }
      continue;
    }
    const colon = code === 58;
    const extent = valueAfter(view, at, colon ? "prose" : "assigned", actual);
    if (extent === undefined || actual === "trace") continue;
    const { start, end } = extent;
    const verdict = judge(actual, text.slice(start, end), extent.form);
    if (verdict === undefined) continue;
    spans.push({ start, end, ...verdict });
    at = Math.max(at, end - 1);
  }
  return spans;
}

interface Key {
  name: string;
}

// The name that stands before a delimiter: quoted, bare, several words, in brackets, or a tag.
function keyBefore(text: string, delimiter: number): Key | undefined {
  let at = delimiter - 1;
  const code = text.charCodeAt(delimiter);
  if (code === 62) {
    if (/[=-]/.test(text.charAt(at))) at--;
    else return tagBefore(text, delimiter);
  } else if (code === 61 && /[=>]/.test(text.charAt(delimiter + 1))) {
    return undefined;
  }
  while (at >= 0 && delimiter - at < 5 && /[=:!\s]/.test(text.charAt(at))) at--;
  if (/[\]"'`)]/.test(text.charAt(at))) {
    let skipped = 0;
    while (at >= 0 && skipped++ < 3 && /[\]"'`)\\]/.test(text.charAt(at))) at--;
    // The place in a list: password[]=x, password[0]=x.
    const index = /\[\d{0,4}$/.exec(text.slice(Math.max(0, at - 5), at + 1));
    if (index !== null) at -= index[0].length;
    const start = wordStart(text, at, /[\p{L}\p{N}_.\-$@ /:]/u);
    return start > at ? undefined : { name: text.slice(start, at + 1) };
  }
  const start = wordStart(text, at, /[\p{L}\p{N}_.\-$ ]/u);
  return start > at ? undefined : { name: text.slice(start, at + 1) };
}

function wordStart(text: string, last: number, chars: RegExp): number {
  let start = last + 1;
  while (start > 0 && last - start < LONGEST_KEY && chars.test(text.charAt(start - 1))) start--;
  return start;
}

function tagBefore(text: string, close: number): Key | undefined {
  if (text.charAt(close - 1) === "/") return undefined;
  const floor = Math.max(0, close - 200);
  const within = text.slice(floor, close).lastIndexOf("<");
  if (within < 0) return undefined;
  const open = floor + within;
  const match = /^<(?:[\w.-]{1,40}:)?([\p{L}_][\w.-]{0,63})/u.exec(text.slice(open, close));
  const name = match?.[1];
  return name === undefined ? undefined : { name };
}

interface Extent {
  start: number;
  end: number;
  form: Form;
}

/** Where the value after a delimiter begins and ends. */
function valueAfter(view: View, delimiter: number, form: Form, kind: Kind): Extent | undefined {
  const { text } = view;
  const xml = text.charAt(delimiter) === ">" && !/[=-]/.test(text.charAt(delimiter - 1));
  let at = delimiter + 1;
  if (text.charAt(at) === ">") at++;
  while (at < text.length && at - delimiter < 8 && /\s/.test(text.charAt(at))) at++;
  if (xml) return tagContent(view, delimiter, at);
  for (let brackets = 0; brackets < 3; brackets++) {
    const marker = markerAt(text, at);
    if (marker > 0) return { start: at, end: at + marker, form };
    if (brackets === 2 || !/[[(]/.test(text.charAt(at))) break;
    at++;
  }
  if (/[bru]/.test(text.charAt(at)) && /["']/.test(text.charAt(at + 1))) at++;
  const quote = text.charAt(at);
  if (quote !== "" && /["'`]/.test(quote)) return quoted(view, at, quote);
  if (at >= text.length || /[{\n\r]/.test(quote)) return undefined;
  return { start: at, end: endOfBare(view, delimiter, at, kind), form };
}

function tagContent(view: View, delimiter: number, at: number): Extent | undefined {
  const { text } = view;
  const cdata = text.startsWith("<![CDATA[", at);
  const start = cdata ? at + 9 : at;
  let end = cdata ? text.indexOf("]]>", start) : start;
  if (!cdata) {
    const literal = spelling(view, delimiter).length === 1;
    end = text.indexOf("<", start);
    // An entity inside the content is content.
    while (end >= 0 && literal && spelling(view, end).length > 1) end = text.indexOf("<", end + 1);
  }
  if (end < 0) end = Math.min(text.length, start + 400);
  return start >= end ? undefined : { start, end, form: "quoted" };
}

function quoted(view: View, open: number, quote: string): Extent {
  const { text } = view;
  const level = quoteLevel(view, open);
  let end = text.indexOf(quote, open + 1);
  while (end >= 0) {
    const doubled =
      quote === "'" &&
      end > open + 1 &&
      text.charAt(end + 1) === "'" &&
      quoteLevel(view, end) === 0;
    if (!doubled && quoteLevel(view, end) <= level) break;
    end = text.indexOf(quote, end + (doubled ? 2 : 1));
  }
  return { start: open + 1, end: end < 0 ? text.length : end, form: "quoted" };
}

const BARE_DIGITS =
  /^[+(]{0,2}[A-Za-z]{0,4}[- ]?\d[\dA-Za-z]{0,40}(?:[ \-./()]{1,2}\d[\dA-Za-z]{0,20}){0,9}/;

function endOfBare(view: View, delimiter: number, start: number, kind: Kind): number {
  const { text } = view;
  if (kind === "auth" || kind === "cookie" || kind === "phrase")
    return endOfLine(text, start, kind);
  if (kind === "phone" || kind === "account" || kind === "id" || kind === "pan" || kind === "pin") {
    const match = BARE_DIGITS.exec(text.slice(start, start + 120));
    if (match !== null) return start + match[0].length;
  }
  const code = kind === "cvv" ? /^\d{3,6}(?!\w)/.exec(text.slice(start, start + 8)) : null;
  if (code !== null) return start + code[0].length;
  const depth = percentDepth(view, delimiter);
  let end = start;
  for (; end < text.length; end++) {
    const char = text.charAt(end);
    if (!/[\s&;"'`<>,)\]}]/.test(char)) continue;
    // What is encoded deeper than the delimiter is part of the value.
    if (percentDepth(view, end) > depth) continue;
    if (
      char === "," &&
      !/^,(?:\s|$|["'{[]|[A-Za-z_][\w.-]{0,40}["']?[=:])/.test(text.slice(end, end + 48))
    )
      continue;
    if (/[)\]}]/.test(char) && !/^[)\]}](?:$|[\s,;.)\]}"'&<])/.test(text.slice(end, end + 2)))
      continue;
    break;
  }
  return end;
}

// An authorization has a scheme, parameters and quotes; a phrase has spaces.
function endOfLine(text: string, start: number, kind: Kind): number {
  const rest = text.slice(start, start + 8192);
  const parameters = /^(?:digest|oauth|aws4|hawk|signature)/i.test(rest);
  const stop =
    kind === "phrase"
      ? /[\n\r"'`;,}]/
      : parameters
        ? /[\n\r]/
        : kind === "auth"
          ? /[\n\r"'`,}]/
          : /[\n\r"'`}]/;
  const match = stop.exec(rest);
  return match === null ? start + rest.length : start + match.index;
}
