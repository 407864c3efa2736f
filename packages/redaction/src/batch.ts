import { STRING } from "./engine.ts";
import type { KeyRef } from "./key-refs.ts";
import type { Report, Scanner } from "./scanner.ts";

/** Attributes that are redacted together. */
export type Entries = ReadonlyArray<readonly [key: string, value: unknown]>;

/** How a redactor does the same by itself. */
export interface Single {
  one: (key: string, value: unknown) => unknown;
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
  const { one, shorten, report } = single;
  const size = entries.length;
  let values: unknown[] | undefined;
  const put = (index: number, value: unknown): void => {
    if (value === entries[index]![1]) return;
    values ??= entries.map((entry) => entry[1]);
    values[index] = value;
  };
  // A key that the engine does not know yet is named where the entries will lie, so keys come first.
  const { generation } = keys;
  const refs: KeyRef[] = [];
  for (let index = 0; index < size; index++) refs.push(keys.of(entries[index]![0]));
  if (keys.generation !== generation) {
    for (let index = 0; index < size; index++)
      put(index, one(entries[index]![0], entries[index]![1]));
    return values;
  }
  for (let from = 0; from < size;) {
    arena.clear();
    const strings: number[] = [];
    let next = from;
    for (; next < size && arena.bytes < MOST_BYTES; next++) {
      const value = entries[next]![1];
      if (typeof value !== "string" || engine.isRecent(refs[next]!, value)) continue;
      arena.add(refs[next]!.id, value, STRING);
      strings.push(next);
    }
    const changed: Array<[index: number, text: string]> = [];
    let isFound = strings.length > 0 && engine.scan() > 0;
    for (let place = 0, row = 0; place < strings.length; place++) {
      const index = strings[place]!;
      const text = entries[index]![1] as string;
      if (!isFound || engine.entryOf(row) !== place) {
        engine.remember(refs[index]!, text);
        continue;
      }
      const applied = engine.apply(refs[index], text, row, report);
      row = applied.next;
      isFound = engine.entryOf(row) >= 0;
      if (applied.text === undefined) put(index, undefined);
      else changed.push([index, applied.text]);
    }
    for (const [index, text] of changed) {
      const left = engine.settle(refs[index], text, STRING, report);
      put(index, left && shorten(left));
    }
    from = next;
  }
  for (let index = 0; index < size; index++) {
    const value = entries[index]![1];
    if (typeof value !== "string") put(index, one(entries[index]![0], value));
    else if (values === undefined || values[index] === value) put(index, shorten(value));
  }
  return values;
}
