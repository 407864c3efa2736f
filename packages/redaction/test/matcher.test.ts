import { expect, test } from "vitest";
import { compile } from "../scripts/build-engine.mts";
import { patternsOf } from "../scripts/compile-patterns.mts";
import { instanceOf } from "../src/engine.ts";
import { type Tree, treeOf } from "../scripts/pattern-tree.mts";

interface Probe {
  memory: { readonly buffer: ArrayBuffer };
  input(): number;
  search(pattern: number, size: number, from: number): number;
  matchAt(pattern: number, size: number, at: number): number;
  start(group: number): number;
  end(group: number): number;
}

const probe = instanceOf(
  Uint8Array.from(await compile("engine/probe.ts", ".assay/matcher.wasm")),
) as Probe;
const patterns = await patternsOf();

// A small generator with a fixed seed: a failure is the same failure every time.
let state = 20_261_124;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const ASCII = Array.from({ length: 97 }, (_, index) => (index < 2 ? 9 + index : 30 + index));

// A text that the tree matches, but for what its looks around say.
function sample(tree: Tree): string {
  switch (tree.is) {
    case "set": {
      const chars = ASCII.filter((code) => (tree.set >> BigInt(code)) & 1n);
      return chars.length === 0 ? "" : String.fromCharCode(chars[random(chars.length)] ?? 32);
    }
    case "sequence":
      return tree.items.map(sample).join("");
    case "choice":
      return sample(tree.items[random(tree.items.length)] as Tree);
    case "repeat": {
      const count = tree.least + random(Math.min(tree.most - tree.least, 5) + 1);
      return Array.from({ length: count }, () => sample(tree.item)).join("");
    }
    case "group":
      return sample(tree.item);
    case "look":
      return tree.isNegative || random(2) === 0 ? "" : sample(tree.item);
    default:
      return "";
  }
}

function mutated(text: string): string {
  const at = random(text.length + 1);
  const char = String.fromCharCode(ASCII[random(ASCII.length)] ?? 32);
  const kind = random(5);
  if (kind === 0) return text.slice(0, at) + char + text.slice(at);
  if (kind === 1) return text.slice(0, at) + text.slice(at + 1);
  if (kind === 2) return text.slice(0, at) + char + text.slice(at + 1);
  if (kind === 3) return text.slice(0, at) + text.slice(at).toUpperCase();
  return text + text.slice(at);
}

function load(text: string): void {
  new Uint8Array(probe.memory.buffer).set(Buffer.from(text, "latin1"), probe.input());
}

function found(count: number): Array<string | undefined> {
  return Array.from({ length: count }, (_, group) =>
    probe.start(group) < 0 ? undefined : `${probe.start(group)}-${probe.end(group)}`,
  );
}

function expected(pattern: RegExp, text: string, from: number): Array<string | undefined> {
  const copy = new RegExp(pattern.source, `${pattern.flags.replace(/[dg]/g, "")}dg`);
  copy.lastIndex = from;
  const match = copy.exec(text);
  return (match?.indices ?? []).map((range) => range && `${range[0]}-${range[1]}`);
}

test.each(patterns.map((each, id) => ({ ...each, id })))(
  "$name finds what JavaScript finds",
  ({ pattern, id }) => {
    const { tree, groups } = treeOf(pattern);
    const failures: string[] = [];
    for (let round = 0; round < 400; round++) {
      let text = sample(tree);
      for (let change = random(4); change > 0; change--) text = mutated(text);
      if (random(3) === 0) text = `${sample(tree)}${text}`;
      if (random(3) === 0) text = `x ${text} y`;
      const from = random(4) === 0 ? random(text.length + 1) : 0;
      load(text);
      const want = expected(pattern, text, from);
      const have = probe.search(id, text.length, from) ? found(groups + 1) : [];
      if (JSON.stringify(want) !== JSON.stringify(have))
        failures.push(`${JSON.stringify(text)} from ${from}: ${want.join()} but ${have.join()}`);
      const at = want[0] === undefined ? from : Number(want[0].split("-")[0]);
      if (Boolean(probe.matchAt(id, text.length, at)) !== (want[0]?.startsWith(`${at}-`) ?? false))
        failures.push(`${JSON.stringify(text)} at ${at}`);
    }
    expect(failures.slice(0, 3)).toEqual([]);
  },
);
