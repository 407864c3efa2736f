import { STRING } from "./engine.ts";
import { LONGEST_KEY } from "./key-refs.ts";
import type { Report, Scanner } from "./scanner.ts";
import { isPlain } from "./walk.ts";

/** Attributes that are redacted together. */
export type Entries = ReadonlyArray<readonly [key: string, value: unknown]>;

/** How a redactor does the same by itself. */
export interface Single {
  one: (key: string, value: unknown) => unknown;
  /** Characters kept of a string. */
  limit: number;
  shorten: (text: string) => string;
  report: Report;
}

// What is written into the engine before it is scanned.
const MOST_BYTES = 4 << 20;

/** The values with one scan for all strings; `undefined` when all of them are clean. */
export function inOneScan(
  engine: Scanner,
  entries: Entries,
  single: Single,
): unknown[] | undefined {
  const { keys, arena } = engine;
  const { limit } = single;
  const size = entries.length;
  const results: Results = { entries, values: undefined };
  for (let from = 0; from < size;) {
    const { generation } = keys;
    let next = from;
    // Whether a value has to be looked at by itself, or is too long.
    let hasOthers = false;
    arena.clear();
    for (; next < size && arena.bytes < MOST_BYTES; next++) {
      const entry = entries[next]!;
      const key = entry[0];
      const value = entry[1];
      // The name of such a key is written where the values are.
      if (key.length > LONGEST_KEY) hasOthers = true;
      else if (typeof value === "string") {
        arena.add(keys.of(key).id, value, STRING);
        if (value.length > limit) hasOthers = true;
      } else if (!isPlain(keys.of(key), value)) hasOthers = true;
    }
    // What was written before the engine forgot its keys is under wrong ones.
    const isWhole = keys.generation === generation;
    const isFound = isWhole && arena.count > 0 && engine.scan() > 0;
    if (isFound) replaceFound(engine, results, from, next, single);
    if (!isWhole) oneByOne(results, from, next, single);
    else if (hasOthers) finish(results, from, next, single);
    from = next;
  }
  return results.values;
}

interface Results {
  readonly entries: Entries;
  /** Absent: all values are as they were. */
  values: unknown[] | undefined;
}

function put(results: Results, index: number, value: unknown): void {
  if (value === results.entries[index]![1]) return;
  results.values ??= results.entries.map((entry) => entry[1]);
  results.values[index] = value;
}

// Applies what was found in the strings of one scan.
function replaceFound(
  engine: Scanner,
  results: Results,
  from: number,
  to: number,
  { shorten, report }: Single,
): void {
  const { entries } = results;
  const changed: Array<[index: number, text: string]> = [];
  let row = 0;
  let entry = engine.entryOf(row);
  for (let index = from, place = 0; index < to && entry >= 0; index++) {
    const key = entries[index]![0];
    const value = entries[index]![1];
    if (typeof value !== "string" || key.length > LONGEST_KEY || entry !== place++) continue;
    const applied = engine.apply(engine.keys.of(key), value, row, report);
    row = applied.next;
    entry = engine.entryOf(row);
    if (applied.text === undefined) put(results, index, undefined);
    else changed.push([index, applied.text]);
  }
  for (const [index, text] of changed) {
    const left = engine.settle(engine.keys.of(entries[index]![0]), text, STRING, report);
    put(results, index, left && shorten(left));
  }
}

function oneByOne(results: Results, from: number, to: number, { one }: Single): void {
  for (let index = from; index < to; index++) {
    const [key, value] = results.entries[index]!;
    put(results, index, one(key, value));
  }
}

// What is no string, and strings that are too long.
function finish(results: Results, from: number, to: number, { one, shorten }: Single): void {
  for (let index = from; index < to; index++) {
    const key = results.entries[index]![0];
    const value = results.entries[index]![1];
    if (typeof value !== "string" || key.length > LONGEST_KEY) put(results, index, one(key, value));
    else if (results.values === undefined || results.values[index] === value)
      put(results, index, shorten(value));
  }
}
