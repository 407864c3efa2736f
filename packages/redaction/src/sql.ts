import { judge } from "./judge.ts";
import { kindOf } from "./keys.ts";
import { type Rule, type Sight, type Span, WORDS } from "./rule.ts";

/** Values of an INSERT, by the names of their columns. */
export const insert: Rule = {
  name: "insert",
  needs: WORDS,
  find,
  removes: [
    "INSERT INTO cards(pan,cvv) VALUES ('x','987')",
    "insert into \"u\" (name, password) values ('it''s', 'p1'), ('b', 'p2')",
  ],
  keeps: ["INSERT INTO cards(pan,cvv) VALUES ($1,$2)", "INSERT INTO t(a,b) VALUES (1,2)"],
};

const HEAD =
  /(?:insert|replace)\s+(?:ignore\s+)?into\s+[\w.`"[\]]{1,128}\s{0,4}\(([^()]{1,2048})\)\s*(?:overriding \w{1,10} value\s*)?values?\s*/gi;

function find({ view: { text } }: Sight): Span[] {
  const spans: Span[] = [];
  for (
    let match = headAt(text, 0);
    match !== null;
    match = headAt(text, match.index + match[0].length)
  ) {
    const kinds = (match[1] ?? "").split(",").map((name) => kindOf(name.replace(/["`[\]\s]/g, "")));
    let at = match.index + match[0].length;
    while (text.charAt(at) === "(") at = tuple(text, at + 1, kinds, spans);
  }
  return spans;
}

function headAt(text: string, from: number): RegExpExecArray | null {
  HEAD.lastIndex = from;
  return HEAD.exec(text);
}

// Reads `1, 'it''s', NULL)` and what separates it from the next tuple.
function tuple(
  text: string,
  from: number,
  kinds: ReadonlyArray<ReturnType<typeof kindOf>>,
  spans: Span[],
): number {
  const literal =
    /\s*(?:[NE]?'((?:[^'\\]|''|\\.)*)'?|"((?:[^"\\]|\\.)*)"?|([^,()']*(?:\([^()]{0,200}\))?))\s*([,)]?)/y;
  let at = from;
  for (let column = 0; at < text.length; column++) {
    literal.lastIndex = at;
    const match = literal.exec(text);
    if (match === null || match[0] === "") break;
    const value = match[1] ?? match[2] ?? match[3] ?? "";
    const kind = kinds[column];
    const start = at + match[0].indexOf(value, value === "" ? 0 : match[0].search(/\S/));
    if (kind !== undefined && kind !== "trace" && value !== "") {
      const verdict = judge(kind, value, match[3] === undefined ? "quoted" : "assigned");
      if (verdict !== undefined) spans.push({ start, end: start + value.length, ...verdict });
    }
    at = literal.lastIndex;
    if (match[4] !== ",") break;
  }
  const next = /\s*,?\s*/y;
  next.lastIndex = at;
  next.exec(text);
  return next.lastIndex;
}
