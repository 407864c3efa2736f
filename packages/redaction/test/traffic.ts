import { readdirSync } from "node:fs";
import cases from "./cases.json" with { type: "json" };
import forms from "./forms.json" with { type: "json" };

/** A rule of rules/, as its tests need it. */
export interface Rule {
  name: string;
  /** The key of the values that it is about; absent for any. */
  key?: string;
  removes: readonly string[];
  keeps: readonly string[];
}

/** Every rule of rules/. */
export const RULES: readonly Rule[] = (
  await Promise.all(
    readdirSync(new URL("../rules/", import.meta.url))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => import(`../rules/${file}`) as Promise<Record<string, Rule>>),
  )
)
  .flatMap((module) => Object.values(module))
  .filter((rule) => "keeps" in rule);

/** A small generator with a fixed seed: a failure is the same failure every time. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const known = [...forms.removes, ...forms.keeps, ...cases];
const texts = [
  ...known.map(({ value }) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""))),
  ...RULES.flatMap((rule) => [...rule.removes, ...rule.keeps]),
];
const pieces = [
  ..."4 - = : \" \\ % & @ ' > [ ] * , ; ( ) { } . / _ $ + é ４ 😀".split(" "),
  ...'4111 password \\" %25 22 #52; x.io cvv 987 <pin> [sad] eyJ 254712345678 token 0712345678 1 to'.split(
    " ",
  ),
  " ",
  "\n",
  "\u200B",
  "Bearer ",
  "pin is ",
  "card ",
  "4111111111111111",
  "MTIzNDU2Nzg5MDEyMzQ1Ng==",
  "IBAN DE89370400440532013000",
];

/** Keys that the cases have. */
export const KEYS: readonly string[] = known.map(({ key }) => key);

/** A text of the cases and rules, or two of them, changed here and there; or a few dangerous pieces. */
export function textOf(random: (below: number) => number): string {
  const pick = (items: readonly string[]): string => items[random(items.length)] ?? "";
  if (random(4) === 0) return Array.from({ length: 2 + random(14) }, () => pick(pieces)).join("");
  let text = pick(texts);
  if (random(3) === 0) text += pick([" ", "", ",", "\n", "; ", "&", '"']) + pick(texts);
  for (let change = random(5); change > 0; change--) {
    const at = random(text.length + 1);
    const kind = random(4);
    if (kind === 0) text = text.slice(0, at) + pick(pieces) + text.slice(at);
    else if (kind === 1) text = text.slice(0, at) + text.slice(at + 1);
    else text = kind === 2 ? text.slice(at) : text.slice(0, at);
  }
  return text;
}
