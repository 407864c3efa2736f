import {
  CLASSES,
  CVV,
  HASH,
  MARKERS,
  markerOfKind,
  PHRASE,
  REMOVE,
  SAD,
  SECRET,
  TRACE,
} from "./codes.ts";
import { AGAIN, NUMBER, PLAIN, SCANNED, STRING } from "./engine.ts";
import { isCardCode, isPinField, joinedDigits, keysOfPairs, nameBeside } from "./beside.ts";
import type { KeyRef } from "./key-refs.ts";
import type { Report, Scanner } from "./scanner.ts";

const DEEPEST = 8;
const MOST_LOOKS = 3;
const MOST_NODES = 1000;
const MOST_CHARACTERS = 4 * SCANNED;
const SHORT_NUMBER = 1e9;
export const REMOVED = "[removed]";

/** What one value may cost, and what is told of it. */
export interface Walk {
  scanner: Scanner;
  nodes: number;
  characters: number;
  ancestors: Set<object>;
  report: Report;
  shorten: (text: string) => string;
}

/** Whether a value that is no string stays as it is, which most say soon: no value, yes or no, and a short number. */
export function isPlain(key: KeyRef, value: unknown): boolean {
  if (typeof value !== "number")
    return typeof value === "boolean" || value === undefined || value === null;
  const action = (key.flags >> 16) & 255;
  const isNamed = (action >= REMOVE && action <= HASH) || (key.flags & 255) !== 0;
  return !isNamed && Math.abs(value) < SHORT_NUMBER;
}

/** The value under a key without what must not leave; `undefined` when all of it must go. */
export function walkValue(key: KeyRef, value: unknown, walk: Walk, depth: number): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (typeof value === "string") {
    walk.characters += Math.min(value.length, SCANNED);
    if (++walk.nodes > MOST_NODES || walk.characters > MOST_CHARACTERS) return overBudget(walk);
    const text = redact(key, value, STRING, walk);
    return text === undefined ? undefined : walk.shorten(text);
  }
  const action = (key.flags >> 16) & 255;
  if (action >= REMOVE && action <= HASH) return byRegistry(key, value, walk);
  if (typeof value === "number" || typeof value === "bigint") return walkNumber(key, value, walk);
  if (typeof value !== "object") return undefined;
  // The value itself is not a part of it.
  if (depth > 0) walk.nodes++;
  if (depth > DEEPEST || walk.nodes > MOST_NODES || walk.ancestors.has(value)) {
    return overBudget(walk);
  }
  walk.ancestors.add(value);
  try {
    return walkObject(key, value, walk, depth);
  } finally {
    walk.ancestors.delete(value);
  }
}

function redact(key: KeyRef, text: string, form: number, walk: Walk): string | undefined {
  return walk.scanner.redact(key, text, form, walk.report);
}

function plain(text: string, walk: Walk): string {
  return walk.scanner.redact(undefined, text, PLAIN, walk.report) ?? REMOVED;
}

// The registry names this attribute as one that must not leave, whatever its value looks like.
function byRegistry(key: KeyRef, value: unknown, walk: Walk): string | undefined {
  const action = (key.flags >> 16) & 255;
  const isRemoved = action === REMOVE;
  const hashed = action === HASH ? walk.report.stands?.ofKey(key.name, value) : undefined;
  walk.report.found({
    class: CLASSES[(key.flags >> 8) & 255] ?? "confidential",
    action: isRemoved ? "removed" : hashed === undefined ? "masked" : "hashed",
    detector: "registry",
  });
  return isRemoved ? undefined : (hashed ?? MARKERS[key.flags >>> 24]);
}

function overBudget(walk: Walk): string {
  walk.report.found({ class: "credential", action: "removed", detector: "budget" });
  return REMOVED;
}

function walkNumber(key: KeyRef, value: number | bigint, walk: Walk): unknown {
  const kind = key.flags & 255;
  const isSecret = kind >= CVV && kind <= SAD;
  if (typeof value === "number" && !isSecret) {
    if (!Number.isInteger(value)) return value;
    if (kind === 0 && Math.abs(value) < SHORT_NUMBER) return value;
  }
  // Through BigInt, because a large number prints itself with an exponent.
  const digits =
    typeof value === "number" && !Number.isInteger(value) ? "0" : BigInt(value).toString();
  const text = redact(key, digits, NUMBER, walk);
  return text === digits ? value : text;
}

function walkObject(key: KeyRef, value: object, walk: Walk, depth: number): unknown {
  if (Array.isArray(value)) return walkArray(key, value, walk, depth);
  if (value instanceof Uint8Array) return walkBytes(key, value, walk);
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const items = Symbol.iterator in value ? [...(value as unknown as Iterable<unknown>)] : [];
    const clean = walkBytes(key, bytes, walk) === bytes;
    return clean && walkArray(key, items, walk, depth) === items ? value : undefined;
  }
  if (value instanceof Date) return value;
  if (value instanceof Map) {
    const entries = walkEntries(key, [...value], walk, depth);
    return entries === undefined ? value : new Map(entries);
  }
  if (value instanceof Set) {
    const items = [...value];
    const redacted = walkArray(key, items, walk, depth);
    return redacted === items ? value : new Set(Array.isArray(redacted) ? redacted : [redacted]);
  }
  if (value instanceof URL) return walkValue(key, value.href, walk, depth + 1);
  // Written by their members, these would be letters without a word, or nothing.
  if (value instanceof URLSearchParams) return walkValue(key, value.toString(), walk, depth + 1);
  const tag = Object.prototype.toString.call(value);
  if (tag === "[object String]" || tag === "[object Number]") {
    return walkValue(key, value.valueOf(), walk, depth + 1);
  }
  if (value instanceof Error) {
    return walkObject(
      key,
      { name: value.name, message: value.message, stack: value.stack, cause: value.cause },
      walk,
      depth,
    );
  }
  // What it would be written as is what counts, not what it shows until then.
  const own =
    "toJSON" in value && typeof value.toJSON === "function" ? (value.toJSON() as unknown) : value;
  if (own !== value) return walkValue(key, own, walk, depth + 1);
  const members = membersOf(value, walk);
  const entries = walkEntries(key, members.entries, walk, depth);
  if (entries === undefined && members.isWhole) return value;
  return Object.fromEntries((entries ?? members.entries) as Array<[string, unknown]>);
}

// A member that throws when it is read goes, and no other.
function membersOf(
  value: object,
  walk: Walk,
): { entries: Array<[string, unknown]>; isWhole: boolean } {
  const entries: Array<[string, unknown]> = [];
  let isWhole = true;
  for (const name of Object.keys(value)) {
    try {
      entries.push([name, (value as Record<string, unknown>)[name]]);
    } catch {
      isWhole = false;
      walk.report.found({ class: "credential", action: "removed", detector: "engine-error" });
    }
  }
  return { entries, isWhole };
}

function walkEntries(
  key: KeyRef,
  entries: Array<[unknown, unknown]>,
  walk: Walk,
  depth: number,
): Array<[unknown, unknown]> | undefined {
  const { keys } = walk.scanner;
  let changed = false;
  const kept: Array<[unknown, unknown]> = [];
  for (const [name, item] of entries) {
    const newName =
      typeof name === "string" ? plain(name, walk) : walkValue(keys.of(""), name, walk, depth + 1);
    const named = nameBeside(name, entries, keys);
    // By the name as it leaves, so that a second look goes by the same.
    const own = isCardCode(name, item, entries, keys)
      ? "cvv"
      : isPinField(name, item)
        ? "pinblock"
        : String(newName);
    const under = named === undefined ? keys.member(key, own) : namedKey(key, named, walk);
    const newItem = walkValue(under, item, walk, depth + 1);
    if (newName !== name || newItem !== item) changed = true;
    if (newItem !== undefined || item === undefined) kept.push([newName, newItem]);
  }
  return changed ? kept : undefined;
}

// What a secret consists of is secret too, whatever it is named.
function namedKey(key: KeyRef, name: string, walk: Walk): KeyRef {
  const named = walk.scanner.keys.of(name);
  const above = key.flags & 255;
  const isWhole = above === SECRET || above === PHRASE || (above >= CVV && above <= SAD);
  return isWhole && (named.flags & 255) === 0 ? key : named;
}

function walkArray(key: KeyRef, items: unknown[], walk: Walk, depth: number): unknown {
  const text = joinedDigits(items);
  if (text !== undefined) {
    // The key's words count, and its kind does not decide about the whole.
    if (walk.scanner.settle(key, text, AGAIN, walk.report) !== text) return undefined;
  }
  const listed = items.every(
    (item) => typeof item === "number" && Number.isInteger(item) && item >= 0 && item < 256,
  );
  if (
    listed &&
    items.length >= 8 &&
    walkBytes(key, Uint8Array.from(items as number[]), walk) === undefined
  )
    return undefined;
  const pairs = (key.flags & 255) === 0 ? keysOfPairs(items, walk.scanner.keys) : undefined;
  let changed = false;
  const redacted = items.map((item, index) => {
    const under = pairs?.[index] ?? key;
    const kind = under.flags & 255;
    const result = walkValue(under, item, walk, depth + 1);
    if (result !== item) changed = true;
    // A hole would change what the other places mean.
    return result === undefined && item !== undefined
      ? kind === 0 || kind === TRACE
        ? REMOVED
        : markerOfKind(kind)
      : result;
  });
  return changed ? redacted : items;
}

function walkBytes(
  key: KeyRef,
  bytes: Uint8Array,
  walk: Walk,
  looks = MOST_LOOKS,
): Uint8Array | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = buffer.toString("utf8");
  const encoding = utf8.includes("\uFFFD") ? "latin1" : "utf8";
  const text = encoding === "utf8" ? utf8 : buffer.toString("latin1");
  const redacted = redact(key, text, STRING, walk);
  if (redacted === text) return bytes;
  if (redacted === undefined) return undefined;
  // Without what was no UTF-8 the rest may be, and reads otherwise.
  const left = Uint8Array.from(Buffer.from(redacted, encoding));
  return looks > 0 && encoding === "latin1" ? walkBytes(key, left, walk, looks - 1) : left;
}
