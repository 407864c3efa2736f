import { type Arena, createArena } from "./arena.ts";
import { BY_REGISTRY, CLASSES, detectorOf, DROP, MARKERS, MASK } from "./codes.ts";
import { AGAIN, discardEngine, engine, type Exports, PLAIN, STRING } from "./engine.ts";
import type { Finding } from "./finding.ts";
import { createKeyRefs, type KeyRefs } from "./key-refs.ts";

/** The engine with what the host keeps for it. */
export interface Scanner {
  keys: KeyRefs;
  arena: Arena;
  /** Scans what is in the arena; gives the number of findings. */
  scan(): number;
  /** Reports the findings of one entry, from row `first`, and gives the text that is left of its value. */
  apply(text: string, first: number, found: (finding: Finding) => void): Applied;
  /** The entry of a finding; -1 after the last. */
  entryOf(row: number): number;
  /** The value without what must not leave; `undefined` when all of it must go. */
  redact(
    key: number,
    text: string,
    form: number,
    found: (finding: Finding) => void,
  ): string | undefined;
  /** Goes on with a value of which something was taken out: what is written is looked at again. */
  settle(key: number, text: string, form: number, found: (finding: Finding) => void): string;
}

interface Applied {
  text: string | undefined;
  next: number;
}

const ROW = 8;
// Taking a value out can show that the one beside it is one too.
const LOOKS = 4;

let current: Scanner | undefined;

/** The scanner of this process; `undefined` where WebAssembly cannot be had. */
export function scanner(): Scanner | undefined {
  if (current !== undefined) return current;
  const exports = engine();
  return exports === undefined ? undefined : (current = createScanner(exports));
}

/** Begins again with a new engine, after an error. */
export function discardScanner(): void {
  current = undefined;
  discardEngine();
}

function createScanner(exports: Exports): Scanner {
  const arena = createArena(exports);
  const keys = createKeyRefs(exports, arena);
  let rows = new Uint32Array(0);
  let texts = 0;
  let memory: ArrayBuffer | undefined;
  let bytes = new Uint8Array(0);

  const scan = (): number => {
    const count = exports.scan(arena.count);
    if (count === 0) return 0;
    const { buffer } = exports.memory;
    if (memory !== buffer) {
      memory = buffer;
      bytes = new Uint8Array(buffer);
    }
    rows = new Uint32Array(buffer, exports.findings(), count * ROW);
    texts = exports.texts();
    return count;
  };
  const entryOf = (row: number): number => rows[row * ROW] ?? -1;
  const replacement = (row: number, marker: number): string => {
    const from = texts + (rows[row * ROW + 4] ?? 0);
    const size = rows[row * ROW + 5] ?? 0;
    const known = MARKERS[marker] ?? "[removed]";
    if (size === known.length) return known;
    return new TextDecoder().decode(bytes.subarray(from, from + size));
  };
  const apply: Scanner["apply"] = (text, first, found) => {
    const entry = entryOf(first);
    const size = arena.sizeOf(entry);
    const place = size === text.length ? same : placesOf(text);
    let out = "";
    let at = 0;
    let isDropped = false;
    let row = first;
    for (; entryOf(row) === entry; row++) {
      const code = rows[row * ROW + 3] ?? 0;
      const action = (code >> 8) & 255;
      const detector = code >>> 24;
      const isMasked = action === MASK || (detector === BY_REGISTRY && action !== DROP);
      found({
        class: CLASSES[code & 255] ?? "confidential",
        action: isMasked ? "masked" : "removed",
        detector: detectorOf(detector),
      });
      if (action === DROP) isDropped = true;
      const start = rows[row * ROW + 1] ?? 0;
      const end = rows[row * ROW + 2] ?? 0;
      out += text.slice(at, place(start)) + replacement(row, (code >> 16) & 255);
      at = end >= size ? text.length : place(end);
    }
    return { text: isDropped ? undefined : out + text.slice(at), next: row };
  };
  const settle: Scanner["settle"] = (key, text, form, found) => {
    let left = text;
    for (let look = 1; look < LOOKS; look++) {
      arena.clear();
      arena.add(key, left, form === STRING ? AGAIN : PLAIN);
      if (scan() === 0) break;
      const next = apply(left, 0, found).text ?? "";
      if (next === left) break;
      left = next;
    }
    return left;
  };
  return {
    keys,
    arena,
    scan,
    apply,
    entryOf,
    settle,
    redact(key, text, form, found) {
      arena.clear();
      arena.add(key, text, form);
      if (scan() === 0) return text;
      const isWhole = rows[1] === 0 && (rows[2] ?? 0) >= arena.sizeOf(0);
      const { text: left } = apply(text, 0, found);
      return left === undefined || isWhole
        ? left
        : settle(key, left, form === PLAIN ? PLAIN : STRING, found);
    },
  };
}

function same(offset: number): number {
  return offset;
}

// Where a byte of the text in UTF-8 is in the text; offsets are asked in order.
function placesOf(text: string): (offset: number) => number {
  let at = 0;
  let byte = 0;
  return (offset) => {
    while (byte < offset && at < text.length) {
      const point = text.codePointAt(at) ?? 0;
      byte += point < 0x80 ? 1 : point < 0x8_00 ? 2 : point < 0x1_00_00 ? 3 : 4;
      at += point > 0xff_ff ? 2 : 1;
    }
    return at;
  };
}
