import { type AST, RegExpParser } from "@eslint-community/regexpp";

/** A set of bytes: bit n stands for byte n. */
export type ByteSet = bigint;

/** A regular expression as the compiler reads it: ignore-case is folded into the sets, names are gone. */
export type Tree =
  | { is: "set"; set: ByteSet }
  | { is: "sequence"; items: Tree[] }
  | { is: "choice"; items: Tree[] }
  | { is: "repeat"; item: Tree; least: number; most: number; isLazy: boolean }
  | { is: "group"; group: number; item: Tree }
  | { is: "edge"; edge: "start" | "end" | "word" | "not-word" }
  | { is: "look"; isBehind: boolean; isNegative: boolean; item: Tree };

export const ALL: ByteSet = (1n << 256n) - 1n;
const bytes = (from: number, to: number): ByteSet =>
  ((1n << BigInt(to - from + 1)) - 1n) << BigInt(from);
const UPPER = bytes(65, 90);
const LOWER = bytes(97, 122);
const DIGIT = bytes(48, 57);
const WORD = UPPER | LOWER | DIGIT | bytes(95, 95);
const SPACE = bytes(9, 13) | bytes(32, 32);
// One byte of the view stands for any letter or digit that is not ASCII, another for the other characters.
const FOREIGN_LETTER = bytes(0x80, 0x80);
const PROPERTIES: Readonly<Record<string, ByteSet>> = {
  L: UPPER | LOWER | FOREIGN_LETTER,
  N: DIGIT | FOREIGN_LETTER,
  Cc: bytes(0, 31) | bytes(127, 127),
};

/** Reads a regular expression; throws on what the matcher does not do. */
export function treeOf(pattern: RegExp): { tree: Tree; groups: number } {
  const { source, flags } = pattern;
  if (/[msyv]/.test(flags)) throw new Error(`${pattern}: only the flags d, g, i and u are known.`);
  const parsed = new RegExpParser({ ecmaVersion: 2025 }).parsePattern(source, 0, source.length, {
    unicode: flags.includes("u"),
  });
  const numbers = new Map<AST.CapturingGroup, number>();
  const number = (group: AST.CapturingGroup): number => {
    const known = numbers.get(group) ?? numbers.size + 1;
    numbers.set(group, known);
    return known;
  };
  const ignoreCase = flags.includes("i");
  const choice = (alternatives: AST.Alternative[]): Tree => {
    const items = alternatives.map(({ elements }) => sequence(elements.map(read)));
    return items.length === 1 ? items[0]! : { is: "choice", items };
  };
  const read = (node: AST.Element): Tree => {
    switch (node.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
        return { is: "set", set: setOf(node, ignoreCase) };
      case "Group":
        return choice(node.alternatives);
      case "CapturingGroup":
        return { is: "group", group: number(node), item: choice(node.alternatives) };
      case "Quantifier":
        return {
          is: "repeat",
          item: read(node.element),
          least: node.min,
          most: node.max,
          isLazy: !node.greedy,
        };
      case "Assertion":
        if (node.kind === "lookahead" || node.kind === "lookbehind") {
          const isBehind = node.kind === "lookbehind";
          return { is: "look", isBehind, isNegative: node.negate, item: choice(node.alternatives) };
        }
        return {
          is: "edge",
          edge: node.kind === "word" ? (node.negate ? "not-word" : "word") : node.kind,
        };
      default:
        throw new Error(`${pattern}: ${node.raw} is not known.`);
    }
  };
  const tree = choice(parsed.alternatives);
  return { tree, groups: numbers.size };
}

function sequence(items: Tree[]): Tree {
  return items.length === 1 ? items[0]! : { is: "sequence", items };
}

function setOf(
  node: AST.Character | AST.CharacterSet | AST.CharacterClass,
  ignoreCase: boolean,
): ByteSet {
  if (node.type === "CharacterClass") {
    let set = 0n;
    for (const element of node.elements) {
      if (element.type === "CharacterClassRange") {
        for (let value = element.min.value; value <= Math.min(element.max.value, 127); value++)
          set |= single(value);
      } else if (element.type === "Character" || element.type === "CharacterSet") {
        set |= setOf(element, false);
      } else throw new Error(`${element.raw} in a class is not known.`);
    }
    if (ignoreCase) set = folded(set);
    return node.negate ? ALL & ~set : set;
  }
  if (node.type === "Character")
    return ignoreCase ? folded(single(node.value)) : single(node.value);
  let set: ByteSet | undefined;
  if (node.kind === "any") return ALL & ~(single(10) | single(13));
  if (node.kind === "digit") set = DIGIT;
  if (node.kind === "space") set = SPACE;
  if (node.kind === "word") set = WORD;
  if (node.kind === "property") set = PROPERTIES[node.value ?? node.key];
  if (set === undefined) throw new Error(`${node.raw} is not known.`);
  return "negate" in node && node.negate ? ALL & ~set : set;
}

// The view has no other characters, so nothing else can match.
function single(value: number): ByteSet {
  return value < 128 ? 1n << BigInt(value) : 0n;
}

function folded(set: ByteSet): ByteSet {
  return set | ((set & UPPER) << 32n) | ((set & LOWER) >> 32n);
}
