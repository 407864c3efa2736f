import { ALL, type ByteSet, type Tree } from "./pattern-tree.mts";

/** What can come next at a place of a pattern: these bytes, or the end of the pattern. */
export interface Next {
  set: ByteSet;
  /** The pattern may be complete here, whatever follows. */
  isEnd: boolean;
}

/** The bytes with which a tree can begin, given what follows it. Too many rather than too few. */
export function nextOf(tree: Tree, after: Next): Next {
  switch (tree.is) {
    case "set":
      return { set: tree.set, isEnd: false };
    case "sequence":
      return tree.items.reduceRight((next, item) => nextOf(item, next), after);
    case "choice":
      return tree.items.map((item) => nextOf(item, after)).reduce(union);
    case "repeat": {
      const item = nextOf(tree.item, after);
      return tree.least === 0 ? union(item, after) : item;
    }
    case "group":
      return nextOf(tree.item, after);
    case "edge":
      // Before the end of the text nothing follows.
      return tree.edge === "end" ? { set: 0n, isEnd: false } : { set: ALL, isEnd: true };
    case "look": {
      if (tree.isBehind || tree.item.is !== "set") return { set: ALL, isEnd: true };
      const allowed = tree.isNegative ? ALL & ~tree.item.set : tree.item.set;
      return { set: after.isEnd ? allowed : allowed & after.set, isEnd: false };
    }
  }
}

function union(one: Next, other: Next): Next {
  return { set: one.set | other.set, isEnd: one.isEnd || other.isEnd };
}

/** The bytes with which a tree itself begins; `canBeEmpty` when it may have none. */
export function firstOf(tree: Tree): { set: ByteSet; canBeEmpty: boolean } {
  switch (tree.is) {
    case "set":
      return { set: tree.set, canBeEmpty: false };
    case "sequence": {
      let set = 0n;
      for (const item of tree.items) {
        const first = firstOf(item);
        set |= first.set;
        if (!first.canBeEmpty) return { set, canBeEmpty: false };
      }
      return { set, canBeEmpty: true };
    }
    case "choice": {
      const firsts = tree.items.map(firstOf);
      return {
        set: firsts.reduce((all, first) => all | first.set, 0n),
        canBeEmpty: firsts.some((first) => first.canBeEmpty),
      };
    }
    case "repeat": {
      const first = firstOf(tree.item);
      return { set: first.set, canBeEmpty: first.canBeEmpty || tree.least === 0 };
    }
    case "group":
      return firstOf(tree.item);
    default:
      return { set: 0n, canBeEmpty: true };
  }
}

/** The number of bytes that a tree takes. */
export function widthOf(tree: Tree): { least: number; most: number } {
  switch (tree.is) {
    case "set":
      return { least: 1, most: 1 };
    case "sequence": {
      const widths = tree.items.map(widthOf);
      return {
        least: widths.reduce((sum, { least }) => sum + least, 0),
        most: widths.reduce((sum, { most }) => sum + most, 0),
      };
    }
    case "choice": {
      const widths = tree.items.map(widthOf);
      return {
        least: Math.min(...widths.map(({ least }) => least)),
        most: Math.max(...widths.map(({ most }) => most)),
      };
    }
    case "repeat": {
      const { least, most } = widthOf(tree.item);
      return { least: least * tree.least, most: most === 0 ? 0 : most * tree.most };
    }
    case "group":
      return widthOf(tree.item);
    default:
      return { least: 0, most: 0 };
  }
}

/** The bytes that can stand at each of the first `count` places of a match. */
export function headOf(tree: Tree, count: number): ByteSet[] {
  const sets = Array.from({ length: count }, () => 0n);
  const walk = (node: Tree, from: Set<number>): Set<number> => {
    switch (node.is) {
      case "set": {
        const to = new Set<number>();
        for (const place of from) {
          if (place >= count) continue;
          sets[place]! |= node.set;
          to.add(place + 1);
        }
        return to;
      }
      case "sequence":
        return node.items.reduce((places, item) => walk(item, places), from);
      case "choice":
        return new Set(node.items.flatMap((item) => [...walk(item, from)]));
      case "repeat": {
        const reached = new Set(node.least === 0 ? from : []);
        let places = from;
        for (let round = 1; round <= Math.min(node.most, node.least + count); round++) {
          places = walk(node.item, places);
          if (places.size === 0) break;
          if (round >= node.least) for (const place of places) reached.add(place);
        }
        return reached;
      }
      case "group":
        return walk(node.item, from);
      default:
        return from;
    }
  };
  walk(tree, new Set([0]));
  const { least } = widthOf(tree);
  return sets.map((set, place) => (place < least ? set : ALL));
}

/** The numbers of the groups in a tree. */
export function groupsIn(tree: Tree): number[] {
  switch (tree.is) {
    case "sequence":
    case "choice":
      return tree.items.flatMap(groupsIn);
    case "group":
      return [tree.group, ...groupsIn(tree.item)];
    case "repeat":
    case "look":
      return groupsIn(tree.item);
    default:
      return [];
  }
}
