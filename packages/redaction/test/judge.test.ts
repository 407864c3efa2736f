import { expect, test } from "vitest";
import { compile } from "../scripts/build-engine.mts";
import { judge, type Form } from "../src/judge.ts";
import { type Kind, kindOf, spacedWords } from "../src/keys.ts";
import { keys } from "../rules/keys.ts";
import forms from "./forms.json";
import cases from "./cases.json";

interface Probe {
  memory: WebAssembly.Memory;
  input(): number;
  kindOf(size: number): number;
  spaced(size: number): number;
  spacedText(): number;
  judge(kind: number, size: number, form: number): number;
}

const bytes = await compile("engine/probe.ts", ".assay/judge.wasm");
const probe = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Probe;
const KINDS = [
  "secret",
  "phrase",
  "token",
  "maybe",
  "auth",
  "cookie",
  "cvv",
  "pin",
  "sad",
  "pan",
  "name",
  "email",
  "phone",
  "account",
  "id",
  "trace",
] as const;
const FORMS = ["quoted", "assigned", "prose"] as const;

let state = 20_261_124;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;

function load(text: string): number {
  const encoded = Buffer.from(text, "latin1");
  new Uint8Array(probe.memory.buffer).set(encoded, probe.input());
  return encoded.length;
}

const endings = Object.values(keys.endings)
  .flatMap((words) => words.split(" "))
  .filter((word) => /^[ -~]+$/.test(word));
const parts = [
  ...endings,
  ...keys.neutral.split(" "),
  "a",
  "X",
  "1",
  "42",
  "http",
  "request",
  "header",
  "page",
  "next",
  "my",
  "PG",
  "Id",
  "session",
  "AWS",
  "x",
  "new",
  "count",
  "type",
];

function writtenKey(): string {
  return Array.from({ length: 1 + random(5) }, () => {
    const part = pick(parts);
    const kind = random(4);
    const word =
      kind === 0
        ? part.toUpperCase()
        : kind === 1
          ? part.slice(0, 1).toUpperCase() + part.slice(1)
          : part;
    return word + pick(["", "", ".", "_", "-", "[0]", " ", "2", "é"]);
  })
    .join("")
    .replaceAll("é", "\u0080");
}

test("a key is of the kind that the first engine said, with the same words", () => {
  const names = [...[...forms.removes, ...forms.keeps, ...cases].map(({ key }) => key), ...endings];
  for (let round = 0; round < 40_000; round++) names.push(writtenKey());
  const failures: string[] = [];
  for (const name of names) {
    if (!/^[\n -~\u0080]*$/.test(name)) continue;
    const size = load(name);
    const letter = name.replaceAll("\u0080", "é");
    const want = KINDS.indexOf(kindOf(letter) as Kind) + 1;
    const have = probe.kindOf(size);
    if (want !== have) failures.push(`${name}: ${want} but ${have}`);
    const length = probe.spaced(size);
    const words = Buffer.from(probe.memory.buffer, probe.spacedText(), length).toString("latin1");
    const wanted = spacedWords(letter).replaceAll("é", "\u0080");
    if (words !== wanted) failures.push(`${name}: ${wanted} but ${words}`);
  }
  expect(failures.slice(0, 5)).toEqual([]);
});

test("a value is judged as the first engine judged it", () => {
  const values = [...forms.removes, ...forms.keeps, ...cases].flatMap(({ value }) =>
    typeof value === "string" && /^[\n -~]*$/.test(value)
      ? (value.match(/[^\s"'=:&]+/g) ?? [])
      : [],
  );
  const pieces = [
    ...values,
    "4111111111111111",
    "5500005555555559",
    "null",
    "$1",
    "must",
    "set",
    "Bearer ",
    "abc123",
    "a@b.c",
    "[card]",
    "****",
    "1234",
    "12-34-56",
    "2020-01-02",
    "%40",
    "x=",
    "aBcD",
    " ",
    "-",
    "too_short",
    "xxxx",
    "0123456789",
    "Jane",
    "4111 1111 1111 1111",
    "{{x}}",
    "true",
    "REDACTED",
    "1",
    ".",
    "'",
  ];
  const failures: string[] = [];
  for (let round = 0; round < 100_000; round++) {
    const text = Array.from({ length: 1 + random(3) }, () => pick(pieces)).join("");
    const kind = random(15);
    const form = random(3);
    const want = judge(KINDS[kind] as Exclude<Kind, "trace">, text, FORMS[form] as Form);
    const have = probe.judge(kind + 1, load(text), form) >>> 0;
    const classes = ["", "confidential", "pii", "pci_chd", "credential", "pci_sad"];
    const markers = [
      "",
      "[removed]",
      "[id]",
      "[card]",
      "[credential]",
      "[sad]",
      "[email]",
      "[phone]",
      "[iban]",
      "[account]",
    ];
    const written =
      have === 0
        ? undefined
        : {
            class: classes[have & 255],
            marker: markers[(have >> 8) & 255],
            detector: `key-${KINDS[((have >> 16) & 255) - 1]}`,
            masked: have >> 24 !== 0,
          };
    const wanted = want && {
      class: want.class,
      marker: want.masked ? "[card]" : want.marker,
      detector: want.detector,
      masked: want.masked === true,
    };
    if (JSON.stringify(written) !== JSON.stringify(wanted))
      failures.push(
        `${KINDS[kind]} ${FORMS[form]} ${JSON.stringify(text)}: ${JSON.stringify(wanted)} but ${JSON.stringify(written)}`,
      );
  }
  expect(failures.slice(0, 5)).toEqual([]);
});
