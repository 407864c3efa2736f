import { firstOf, groupsIn, headOf, type Next, nextOf, widthOf } from "./pattern-sets.mts";
import { ALL, type ByteSet, type Tree } from "./pattern-tree.mts";

/** The operations of engine/match.ts. Sets, targets and counts take two bytes, everything else one. */
const OP = {
  accept: 0,
  byte: 1,
  set: 2,
  split: 3,
  jump: 4,
  save: 5,
  run: 6,
  runLazy: 7,
  runWhole: 8,
  tryIf: 9,
  onlyIf: 10,
  textStart: 11,
  textEnd: 12,
  word: 13,
  notWord: 14,
  ahead: 15,
  notAhead: 16,
  behind: 17,
  notBehind: 18,
  look: 19,
  back: 20,
  reset: 21,
  splitLazy: 22,
} as const;

/** How many of a pattern's first bytes are looked at before it is tried. */
export const HEAD = 3;
const ENDLESS = 0xff_ff;
const ACCEPT: Next = { set: 0n, isEnd: true };

export interface Program {
  code: number[];
  heads: ByteSet[];
  /** It can match only at the beginning of the text. */
  isAnchored: boolean;
}

/** Compiles a tree for the matcher. `setAt` gives a set its number. */
export function programOf(whole: Tree, setAt: (set: ByteSet) => number): Program {
  const code: number[] = [];
  const short = (value: number): void => {
    if (value < 0 || value > 0xff_ff) throw new Error("a program is too long");
    code.push(value & 255, value >> 8);
  };
  const hole = (): ((target?: number) => void) => {
    const at = code.length;
    code.push(0, 0);
    return (target = code.length) => {
      if (target > 0xff_ff) throw new Error("a program is too long");
      code[at] = target & 255;
      code[at + 1] = target >> 8;
    };
  };
  // Goes on only where `tree` can begin, and comes back to the target when it fails, unless that must fail too.
  const enter = (tree: Tree, after: Next, isLazy = false): ((target?: number) => void) => {
    const first = firstOf(tree);
    if (isLazy) code.push(OP.splitLazy);
    else if (first.canBeEmpty) code.push(OP.split);
    else {
      const isSure = (first.set & after.set) === 0n && !after.isEnd;
      code.push(isSure ? OP.onlyIf : OP.tryIf);
      short(setAt(first.set));
    }
    return hole();
  };

  const emit = (tree: Tree, after: Next): void => {
    switch (tree.is) {
      case "set":
        return set(tree.set);
      case "sequence":
        tree.items.forEach((item, index) =>
          emit(
            item,
            tree.items.slice(index + 1).reduceRight((next, each) => nextOf(each, next), after),
          ),
        );
        return;
      case "choice":
        return choice(tree.items, after);
      case "repeat":
        return repeat(tree, after);
      case "group":
        code.push(OP.save, tree.group * 2);
        emit(tree.item, after);
        code.push(OP.save, tree.group * 2 + 1);
        return;
      case "edge": {
        const edges = {
          start: OP.textStart,
          end: OP.textEnd,
          word: OP.word,
          "not-word": OP.notWord,
        };
        code.push(edges[tree.edge]);
        return;
      }
      case "look":
        return look(tree);
    }
  };

  const set = (bytes: ByteSet): void => {
    const list = bytesOf(bytes);
    if (list.length === 1) code.push(OP.byte, list[0]!);
    else {
      code.push(OP.set);
      short(setAt(bytes));
    }
  };

  const choice = (alternatives: Tree[], after: Next): void => {
    const items = shared(alternatives);
    if (items.length === 1) return emit(items[0]!, after);
    const ends: Array<(target?: number) => void> = [];
    items.forEach((item, index) => {
      const rest = items.slice(index + 1);
      if (rest.length === 0) return emit(item, after);
      const other = rest
        .map((each) => nextOf(each, after))
        .reduce((all, each) => ({ set: all.set | each.set, isEnd: all.isEnd || each.isEnd }));
      const next = enter(item, other);
      emit(item, after);
      code.push(OP.jump);
      ends.push(hole());
      next();
    });
    for (const end of ends) end();
  };

  const repeat = (tree: Tree & { is: "repeat" }, after: Next): void => {
    const { item, least, most, isLazy } = tree;
    if (most === 0) return;
    if (item.is === "set") {
      if (least === 1 && most === 1) return set(item.set);
      const isWhole = after.isEnd ? after.set === 0n : (item.set & after.set) === 0n;
      code.push(isLazy ? OP.runLazy : isWhole ? OP.runWhole : OP.run);
      short(setAt(item.set));
      short(least);
      short(Math.min(most, ENDLESS));
      // What must follow, so that shorter repetitions are tried only before it.
      short(after.isEnd || after.set === ALL ? ENDLESS : setAt(after.set));
      return;
    }
    const groups = groupsIn(item);
    const forget = (): void => {
      if (groups.length > 0)
        code.push(OP.reset, Math.min(...groups) * 2, Math.max(...groups) * 2 + 1);
    };
    const again = nextOf({ ...tree, least: 0 }, after);
    for (let round = 0; round < least; round++) {
      if (round > 0) forget();
      emit(item, again);
    }
    if (most === Infinity) {
      if (widthOf(item).least === 0) throw new Error("an endless repetition of what can be empty");
      const start = code.length;
      const leave = enter(item, after, isLazy);
      forget();
      emit(item, again);
      code.push(OP.jump);
      hole()(start);
      return leave();
    }
    const leave = Array.from({ length: most - least }, () => {
      const out = enter(item, after, isLazy);
      forget();
      emit(item, again);
      return out;
    });
    for (const out of leave) out();
  };

  const look = ({ isBehind, isNegative, item }: Tree & { is: "look" }): void => {
    if (item.is === "set") {
      code.push(
        isBehind ? (isNegative ? OP.notBehind : OP.behind) : isNegative ? OP.notAhead : OP.ahead,
      );
      return short(setAt(item.set));
    }
    if (groupsIn(item).length > 0) throw new Error("a group inside a look around is not known");
    code.push(OP.look, isNegative ? 1 : 0);
    const after = hole();
    if (isBehind) behind(alternativesOf(item));
    else emit(item, ACCEPT);
    code.push(OP.accept);
    after();
  };

  // Goes back by the width of what must stand there, and reads that forwards.
  const behind = (alternatives: Tree[]): void => {
    const ends = alternatives.map((item, index) => {
      const { least, most } = widthOf(item);
      if (least !== most) throw new Error("a look behind needs a fixed width");
      const isLast = index === alternatives.length - 1;
      if (!isLast) code.push(OP.split);
      const next = isLast ? undefined : hole();
      code.push(OP.back, least);
      emit(item, ACCEPT);
      code.push(OP.jump);
      const end = hole();
      next?.();
      return end;
    });
    for (const end of ends) end();
  };

  emit(whole, ACCEPT);
  code.push(OP.accept);
  return { code, heads: headOf(whole, HEAD), isAnchored: startsAtStart(whole) };
}

function alternativesOf(tree: Tree): Tree[] {
  return tree.is === "choice" ? tree.items : [tree];
}

function startsAtStart(tree: Tree): boolean {
  if (tree.is === "edge") return tree.edge === "start";
  if (tree.is === "sequence") return tree.items.length > 0 && startsAtStart(tree.items[0]!);
  if (tree.is === "choice") return tree.items.every(startsAtStart);
  return tree.is === "group" && startsAtStart(tree.item);
}

function bytesOf(set: ByteSet): number[] {
  return Array.from({ length: 256 }, (_, byte) => byte).filter(
    (byte) => (set >> BigInt(byte)) & 1n,
  );
}

// Alternatives that begin with the same set share it, so that a list of words is a tree. An alternative moves
// forwards only past those that cannot match where it does.
function shared(alternatives: Tree[]): Tree[] {
  const rows = alternatives.map((tree) => (tree.is === "sequence" ? tree.items : [tree]));
  const done = new Set<number>();
  const items: Tree[] = [];
  rows.forEach((row, index) => {
    if (done.has(index)) return;
    const head = row[0];
    const same = [row];
    if (head?.is === "set") {
      let passed = 0n;
      let isOpen = true;
      for (let other = index + 1; other < rows.length && isOpen; other++) {
        if (done.has(other)) continue;
        const first = rows[other]![0];
        if (first?.is === "set" && first.set === head.set && (passed & head.set) === 0n) {
          same.push(rows[other]!);
          done.add(other);
          continue;
        }
        const { set, canBeEmpty } = firstOf({ is: "sequence", items: rows[other]! });
        passed |= set;
        isOpen = !canBeEmpty;
      }
    }
    if (same.length === 1) items.push({ is: "sequence", items: row });
    else {
      const rests = same.map((each): Tree => ({ is: "sequence", items: each.slice(1) }));
      items.push({ is: "sequence", items: [head!, { is: "choice", items: rests }] });
    }
  });
  return items;
}
