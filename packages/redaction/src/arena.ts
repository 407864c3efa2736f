import { type Exports, SCANNED } from "./engine.ts";
import { LONGEST_KEY } from "./key-refs.ts";

const ENTRY = 4;
// A UTF-16 unit is at most three bytes of UTF-8.
const WIDEST = 3;
// Shorter texts are written faster here than by a call out of JavaScript.
const SHORT = 16;
// Before the values is room for the name of a key, so that one can be asked about while there are values.
const HEAD = LONGEST_KEY * WIDEST;
const encoder = new TextEncoder();
// Node writes into a Buffer without making a view for each text; a browser has none.
const hasBuffer = typeof Buffer !== "undefined";

function viewOf(memory: ArrayBuffer): Uint8Array<ArrayBuffer> {
  return hasBuffer ? Buffer.from(memory) : new Uint8Array(memory);
}

/** Writes values into the engine's memory. Places are kept until {@link Arena.clear}. */
export interface Arena {
  /** Writes a text as the next entry of the scan; gives its number. */
  add(key: number, text: string, form: number): number;
  /** Writes a text as the only one; gives its size in bytes. It lies where {@link Arena.head} says. */
  only(text: string): number;
  readonly head: number;
  /** Number of entries, and bytes written. */
  readonly count: number;
  readonly bytes: number;
  /** Bytes of the text that were written for an entry. */
  sizeOf(entry: number): number;
  /** Writes a key's name at the beginning; gives its length in bytes. A long one takes the place of entries. */
  name(text: string): number;
  clear(): void;
}

export function createArena(engine: Exports): Arena {
  let memory = engine.memory.buffer;
  let input = 0;
  let room = 0;
  let rows = 0;
  let places = 0;
  let bytes = viewOf(memory);
  let words = new Uint32Array(memory);
  let count = 0;
  let used = HEAD;

  const refresh = (): void => {
    if (memory === engine.memory.buffer) return;
    memory = engine.memory.buffer;
    bytes = viewOf(memory);
    words = new Uint32Array(memory);
  };
  const reserve = (size: number): void => {
    const needed = used + size;
    if (needed > room) {
      // What was written lies in the old place, which stays as it is.
      const old = new Uint8Array(memory).slice(input, input + used);
      room = Math.max(1 << 16, needed * 2);
      input = engine.input(room);
      refresh();
      bytes.set(old, input);
    }
    if (count === places) {
      const old = words.slice(rows >> 2, (rows >> 2) + count * ENTRY);
      places = Math.max(512, places * 2);
      rows = engine.entries(places);
      refresh();
      words.set(old, rows >> 2);
    }
    refresh();
  };
  const write = (text: string, at: number): number => {
    const length = text.length;
    if (length <= SHORT) {
      let index = 0;
      for (; index < length; index++) {
        const code = text.charCodeAt(index);
        if (code > 127) break;
        bytes[at + index] = code;
      }
      if (index === length) return length;
    }
    if (hasBuffer) return (bytes as Buffer<ArrayBuffer>).write(text, at);
    return encoder.encodeInto(text, bytes.subarray(at, at + length * WIDEST)).written;
  };
  const clear = (): void => {
    count = 0;
    used = HEAD;
  };
  return {
    add(key, text, form) {
      const part = text.length > SCANNED + 1 ? text.slice(0, SCANNED + 1) : text;
      const most = part.length * WIDEST;
      // Memory that has grown has left its views without a byte.
      if (used + most > room || count === places || words.length === 0) reserve(most);
      const size = write(part, input + used);
      const row = (rows >> 2) + count * ENTRY;
      words[row] = key;
      words[row + 1] = used;
      words[row + 2] = size;
      words[row + 3] = form;
      used += size;
      return count++;
    },
    only(text) {
      count = 0;
      used = HEAD;
      const part = text.length > SCANNED + 1 ? text.slice(0, SCANNED + 1) : text;
      const most = part.length * WIDEST;
      if (HEAD + most > room || words.length === 0) reserve(most);
      return write(part, input + HEAD);
    },
    head: HEAD,
    get count() {
      return count;
    },
    get bytes() {
      return used - HEAD;
    },
    sizeOf: (entry) => words[(rows >> 2) + entry * ENTRY + 2] ?? 0,
    name(text) {
      if (text.length > LONGEST_KEY) clear();
      reserve(text.length * WIDEST);
      return write(text, input);
    },
    clear,
  };
}
