import { readdir } from "node:fs/promises";
import { RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";
import { keys } from "../rules/keys.ts";
import { marks } from "../rules/marks.ts";

const RULES = new URL("../rules/", import.meta.url);

/** The configuration of the upstream contrib image. */
export const CONTRIB = new URL("../../../collector/contrib.yaml", import.meta.url);

/** A form of a rule that RE2 can run: one pattern, without what stands around it and without check digits. */
export interface Form {
  /** What it finds, as a comment in the configuration. */
  what: string;
  pattern: RegExp;
  /** Of the rule's `removes`, some that it is there for. */
  finds: readonly string[];
  /** Every one of the rule's `keeps` that it takes all the same. */
  mistakes: readonly string[];
}

/** A rule that has forms for RE2. */
export interface FormedRule {
  name: string;
  re2: readonly Form[];
  removes: readonly string[];
  keeps: readonly string[];
}

// A pattern sees what those before it left, so the longer forms come first: a track begins with a card number, an IBAN
// and a card number hold what looks like a phone number, a header's credentials may begin with a known head.
const ORDER = [
  "track",
  "iban",
  "pan",
  "phone",
  "email",
  "scheme",
  "token",
  "pem",
  "userinfo",
  "pairs",
  "prose",
];

/** The rules that have forms, in the order in which contrib applies them. */
export async function formedRules(): Promise<FormedRule[]> {
  const files = (await readdir(RULES)).filter((file) => file.endsWith(".ts"));
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, RULES).href) as Promise<Record<string, object>>),
  );
  const rules = modules
    .flatMap((module) => Object.values(module))
    .filter((rule): rule is FormedRule => "re2" in rule);
  const names = rules.map(({ name }) => name);
  if (names.toSorted().join() !== ORDER.toSorted().join())
    throw new Error(`the rules with forms are ${names.join()}; the order is ${ORDER.join()}`);
  return rules.toSorted((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
}

/** Writes a pattern as RE2 has it; throws where RE2 has nothing like it. */
export function re2Of({ source, flags }: RegExp): string {
  if (!/^i?$/.test(flags)) throw new Error(`RE2 form with flags ${flags}: ${source}`);
  const refuse = ({ raw }: { raw: string }): never => {
    throw new Error(`RE2 has no ${raw}: ${source}`);
  };
  visitRegExpAST(new RegExpParser().parsePattern(source), {
    onAssertionEnter: (node) =>
      node.kind === "lookahead" || node.kind === "lookbehind" ? refuse(node) : undefined,
    onBackreferenceEnter: refuse,
  });
  // The Collector reads ${…} and $$ as its own.
  if (/\$[${]/.test(source)) throw new Error(`$$ or \${ in a RE2 form: ${source}`);
  const text = source
    .replaceAll(String.raw`\/`, "/")
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => `\\x{${hex.replace(/^0+/, "")}}`)
    .replace(/\$$/, String.raw`\z`);
  return (flags === "i" ? "(?i)" : "") + text;
}

/** The configuration with what stands between the markers made anew from the rules. */
export async function contribText(text: string): Promise<string> {
  const words = keys.masked.replaceAll("-", "[_-]?").replaceAll(" ", "|");
  const within = re2Of(keys.within).replaceAll("\\", "\\\\");
  const forms = (await formedRules()).flatMap(({ re2 }) => re2);
  const blocks: Array<readonly [name: string, lines: string[]]> = [
    [
      "what no key may hold",
      [`- &keys replace_all_patterns(attributes, "key", "${within}", "$$1****")`],
    ],
    ["what redaction wrote", marks.whole.map(item)],
    ["keys that name a secret", [item(new RegExp(`(?:^|[._-])(?:${words})$`, "i"))]],
    ["patterns of the rules", forms.flatMap(({ what, pattern }) => [`# ${what}`, item(pattern)])],
  ];
  return blocks.reduce((done, [name, lines]) => replaceBlock(done, name, lines), text);
}

function item(pattern: RegExp): string {
  const text = re2Of(pattern);
  // As the formatter quotes: single where a backslash or a double quote would have to be escaped.
  return /["\\]/.test(text) ? `- '${text.replaceAll("'", "''")}'` : `- "${text}"`;
}

/** Puts lines between two markers, as deep as they stand. */
function replaceBlock(text: string, name: string, lines: readonly string[]): string {
  const block = new RegExp(`^( *)# generated: ${name}\n(?: .*\n)*?\\1# end generated\n`, "m");
  if (!block.test(text)) throw new Error(`The markers of "${name}" are missing.`);
  return text.replace(block, (_, indent: string) =>
    [`# generated: ${name}`, ...lines, "# end generated"]
      .map((line) => `${indent}${line}\n`)
      .join(""),
  );
}
