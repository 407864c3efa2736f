import { expect, test } from "vitest";
import { compile } from "../scripts/build-engine.mts";
import { percentDepth, quoteLevel, rawEnd, rawStart, viewOf } from "../src/view.ts";
import forms from "./forms.json";

interface Probe {
  memory: WebAssembly.Memory;
  input(): number;
  view(size: number): number;
  viewText(): number;
  rawStart(index: number): number;
  rawEnd(index: number): number;
  quoteLevel(index: number): number;
  percentDepth(index: number): number;
}

const bytes = await compile("engine/probe.ts", ".assay/view.wasm");
const probe = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Probe;

let state = 20_261_124;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

interface Row {
  char: number;
  start: number;
  end: number;
  quote: number;
  percent: number;
}

function expected(raw: string): Row[] {
  const view = viewOf(raw);
  const offset: number[] = [];
  for (const char of raw) {
    const at = offset.length === 0 ? 0 : (offset.at(-1) ?? 0);
    if (offset.length === 0) offset.push(0);
    const size = Buffer.byteLength(char);
    if (char.length === 2) offset.push(at);
    offset.push(at + size);
  }
  const rows: Row[] = [];
  for (let at = 0; at < view.text.length; at++) {
    const point = view.text.codePointAt(at) ?? 0;
    const isLetter = /[\p{L}\p{N}]/u.test(String.fromCodePoint(point));
    const width = point > 0xff_ff ? 2 : 1;
    const start = offset[rawStart(view, at)] ?? 0;
    const end = offset[rawEnd(view, at + width)] ?? 0;
    rows.push({
      char: point < 0x80 ? point : isLetter ? 0x80 : 0x81,
      start,
      end,
      quote: quoteLevel(view, at),
      percent: percentDepth(view, at),
    });
    if (width === 2) rows.push({ ...(rows.at(-1) as Row) });
    at += width - 1;
  }
  return rows;
}

function actual(raw: string): Row[] {
  const encoded = Buffer.from(raw);
  new Uint8Array(probe.memory.buffer).set(encoded, probe.input());
  const length = probe.view(encoded.length);
  return Array.from({ length }, (_, at) => ({
    char: new Uint8Array(probe.memory.buffer)[probe.viewText() + at] ?? 0,
    start: probe.rawStart(at),
    end: probe.rawEnd(at + 1),
    quote: probe.quoteLevel(at),
    percent: probe.percentDepth(at),
  }));
}

// The level of a quote counts UTF-16 units in the one and bytes in the other, so it is compared for quotes alone.
function compare(raw: string): string | undefined {
  const clean = (rows: Row[]) =>
    rows.map((row) => ({
      ...row,
      quote: [34, 39, 96].includes(row.char) && row.end - row.start > 0 ? row.quote : 0,
      percent: row.percent > 0 ? 1 : 0,
    }));
  const want = JSON.stringify(clean(expected(raw)));
  const have = JSON.stringify(clean(actual(raw)));
  return want === have ? undefined : `${JSON.stringify(raw)}\n  ${want}\n  ${have}`;
}

test("reads every form of the cases as the first engine did", () => {
  const values = [...forms.removes, ...forms.keeps].map(({ value }) =>
    typeof value === "string" ? value : JSON.stringify(value),
  );
  expect(
    values
      .map(compare)
      .filter((each) => each !== undefined)
      .slice(0, 3),
  ).toEqual([]);
});

test("reads random escapes as the first engine did", () => {
  const parts = [
    "a",
    "4",
    "1",
    "%",
    "25",
    "%25",
    "%34",
    "%C3%A9",
    "%E2%80%93",
    "\\",
    "\\\\",
    "\\u0034",
    "\\u{34}",
    "\\x41",
    "\\ud835\\udfd0",
    "\\uD83D\\u",
    "\\061",
    "\\n",
    '\\"',
    "&",
    "amp;",
    "&#52;",
    "&#x34;",
    "&nbsp;",
    "&shy;",
    "&unknown;",
    "&lt",
    ";",
    "=41",
    "=41=42=43=44",
    "=E2",
    "\u001B[31m",
    "\u001B[",
    "\u200B",
    "４",
    "é",
    "中",
    "😀",
    "\u00A0",
    "–",
    "\u0000",
    "𝟒",
    "٤",
    "ß",
    "ﬁ",
    '"',
    "'",
    "\n",
    "\t",
    "5C",
    "22",
    "%5C",
    "u0034",
    "\u0301",
    "«",
    "x",
    "ſ",
    "\u00AD",
  ];
  const failures: string[] = [];
  for (let round = 0; round < 20_000; round++) {
    const raw = Array.from({ length: 1 + random(9) }, () => parts[random(parts.length)]).join("");
    if (!viewOf(raw).text.isWellFormed()) continue;
    const failure = compare(raw);
    if (failure !== undefined) failures.push(failure);
  }
  expect(failures.slice(0, 3)).toEqual([]);
});

test("folds every code point as the first engine did", () => {
  const failures: string[] = [];
  for (let from = 0x80; from < 0x2_00_00; from += 64) {
    const points = Array.from({ length: 64 }, (_, index) => from + index);
    const raw = points.filter((point) => point < 0xd8_00 || point > 0xdf_ff);
    const failure = compare(String.fromCodePoint(...raw));
    if (failure !== undefined) failures.push(failure);
  }
  expect(failures.slice(0, 3)).toEqual([]);
});
