import { type Arena, createArena } from "./arena.ts";
import { BY_REGISTRY, CLASSES, detectorOf, DROP, HASH, MARKERS, MASK } from "./codes.ts";
import { discardEngine, engine, type Exports, PLAIN, STRING } from "./engine.ts";
import type { Finding } from "./finding.ts";
import { createKeyRefs, type KeyRef, type KeyRefs } from "./key-refs.ts";
import { type StandIn, standIn } from "./stand-in.ts";

/** What is told of each finding, and what stands in its place. */
export interface Report {
  found: (finding: Finding) => void;
  /** Absent: markers stand. */
  stands: StandIn | undefined;
}

/** The engine with what the host keeps for it. */
export interface Scanner {
  keys: KeyRefs;
  arena: Arena;
  /** Scans what is in the arena; gives the number of findings. */
  scan(): number;
  /** Reports the findings of one entry, from row `first`, and gives the text that is left of its value. */
  apply(key: KeyRef | undefined, text: string, first: number, report: Report): Applied;
  /** What one scan finds in a text, by itself or under a key. */
  look(key: KeyRef | undefined, text: string, form: number): Sighting[];
  /** The entry of a finding; -1 after the last. */
  entryOf(row: number): number;
  /** The value without what must not leave; `undefined` when all of it must go. No key: a text by itself. */
  redact(key: KeyRef | undefined, text: string, form: number, report: Report): string | undefined;
  /** Goes on with a value of which something was taken out: what is written is looked at again. */
  settle(key: KeyRef | undefined, text: string, form: number, report: Report): string | undefined;
}

interface Applied {
  text: string | undefined;
  next: number;
}

const ROW = 8;
/** A finding where it stands in the text, in UTF-16 units, and what is written over it. */
export interface Sighting extends Finding {
  start: number;
  end: number;
  written: string;
}

// Taking a value out can show that the one beside it is one too.
const LOOKS = 4;

let current: Scanner | undefined;

/** What this process has looked at since it began. */
export interface ScanTotals {
  /** Values, each as often as it was looked at. */
  values: number;
  /** Bytes of them in UTF-8. */
  bytes: number;
  /** Values in which a detector had to look, since they may hold a secret. */
  candidates: number;
}

const totals: ScanTotals = { values: 0, bytes: 0, candidates: 0 };

/** How much redaction has looked at in this process; a share of candidates above a tenth says that it is slow. */
export function scanTotals(): Readonly<ScanTotals> {
  return { ...totals };
}

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
  let memory = exports.memory.buffer;
  let bytes = new Uint8Array(memory);

  const scan = (): number => {
    const count = exports.scan(arena.count);
    totals.values += arena.count;
    totals.bytes += arena.bytes;
    totals.candidates += exports.candidates();
    if (count > 0) open(count);
    return count;
  };
  const lookAt = (key: number, text: string, form: number): number => {
    const size = arena.only(text);
    const result = exports.look(key, arena.head, size, form);
    totals.values++;
    totals.bytes += size;
    if (result === 0) return 0;
    totals.candidates += result & 1;
    const count = result >>> 1;
    if (count > 0) open(count);
    return count;
  };
  const open = (count: number): void => {
    const { buffer } = exports.memory;
    if (memory !== buffer) {
      memory = buffer;
      bytes = new Uint8Array(buffer);
    }
    rows = new Uint32Array(buffer, exports.findings(), count * ROW);
    texts = exports.texts();
  };
  const entryOf = (row: number): number => rows[row * ROW] ?? -1;
  const replacement = (row: number, marker: number): string => {
    const from = texts + (rows[row * ROW + 4] ?? 0);
    const size = rows[row * ROW + 5] ?? 0;
    const known = MARKERS[marker] ?? "[removed]";
    if (size === known.length) return known;
    return new TextDecoder().decode(bytes.subarray(from, from + size));
  };
  const canonical = (row: number): string => {
    const from = texts + (rows[row * ROW + 6] ?? 0);
    return new TextDecoder().decode(bytes.subarray(from, from + (rows[row * ROW + 7] ?? 0)));
  };
  // A marker, a mask or a pseudonym, and how it is counted.
  const writtenAt = (
    row: number,
    key: KeyRef | undefined,
    text: string,
    stands?: StandIn,
  ): { written: string; counted: Finding["action"] } => {
    const code = rows[row * ROW + 3] ?? 0;
    const [action, marker, detector] = [(code >> 8) & 255, (code >> 16) & 255, code >>> 24];
    const written = replacement(row, marker);
    const isByRegistry = detector === BY_REGISTRY && action !== DROP;
    const isMasked = action === MASK || isByRegistry;
    const counted: Finding["action"] = isMasked ? "masked" : "removed";
    if (stands === undefined || action === DROP) return { written, counted };
    if (isByRegistry) {
      const isHashed = key !== undefined && ((key.flags >> 16) & 255) === HASH;
      const token = isHashed ? stands.ofKey(key.name, text) : undefined;
      return token === undefined ? { written, counted } : { written: token, counted: "hashed" };
    }
    if ((rows[row * ROW + 7] ?? 0) === 0) return { written, counted };
    const found = { marker: MARKERS[marker] ?? "", detector: detectorOf(detector) };
    const other = standIn(
      action === MASK ? { ...found, masked: true } : found,
      canonical(row),
      stands,
    );
    if (other.action === counted) return { written, counted };
    // Quotes around it make what was a JSON number a string.
    const plain = action === MASK ? /[\d*]+/ : /\[\w+\]/;
    return { written: written.replace(plain, other.marker), counted: other.action };
  };
  const sightingsAt = (
    key: KeyRef | undefined,
    text: string,
    first: number,
    stands: StandIn | undefined,
  ): Sighting[] => {
    const entry = entryOf(first);
    const size = arena.sizeOf(entry);
    const place = size === text.length ? same : placesOf(text);
    const sightings: Sighting[] = [];
    for (let row = first; entry >= 0 && entryOf(row) === entry; row++) {
      const code = rows[row * ROW + 3] ?? 0;
      const { written, counted } = writtenAt(row, key, text, stands);
      const end = rows[row * ROW + 2] ?? 0;
      sightings.push({
        class: CLASSES[code & 255] ?? "confidential",
        action: counted,
        detector: detectorOf(code >>> 24),
        start: place(rows[row * ROW + 1] ?? 0),
        end: end >= size ? text.length : place(end),
        written,
      });
    }
    return sightings;
  };
  const apply: Scanner["apply"] = (key, text, first, { found, stands }) => {
    let out = "";
    let at = 0;
    let isDropped = false;
    let row = first;
    for (const { class: dataClass, action, detector, start, end, written } of sightingsAt(
      key,
      text,
      first,
      stands,
    )) {
      found({ class: dataClass, action, detector });
      if ((((rows[row * ROW + 3] ?? 0) >> 8) & 255) === DROP) isDropped = true;
      out += text.slice(at, start) + written;
      at = end;
      row++;
    }
    return { text: isDropped ? undefined : out + text.slice(at), next: row };
  };
  const settle: Scanner["settle"] = (key, text, form, report) => {
    let left = text;
    for (let look = 1; look < LOOKS; look++) {
      if (lookAt(numberOf(key), left, form) === 0) break;
      const next = apply(key, left, 0, report).text;
      if (next === undefined) return undefined;
      if (next === left) break;
      left = next;
    }
    return left;
  };
  const numberOf = (key: KeyRef | undefined): number => (key === undefined ? 0 : keys.idOf(key));
  return {
    keys,
    arena,
    scan,
    apply,
    entryOf,
    settle,
    look(key, text, form) {
      return lookAt(numberOf(key), text, form) === 0 ? [] : sightingsAt(key, text, 0, undefined);
    },
    redact(key, text, form, report) {
      if (lookAt(numberOf(key), text, form) === 0) return text;
      const isWhole = rows[1] === 0 && (rows[2] ?? 0) >= arena.sizeOf(0);
      const { text: left } = apply(key, text, 0, report);
      if (left === undefined || isWhole) return left;
      // What the detectors leave of a value may be what its key decides on; a number is a text now.
      return settle(key, left, form === PLAIN ? PLAIN : STRING, report);
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
