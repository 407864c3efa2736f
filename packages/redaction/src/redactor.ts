import type { Finding } from "./finding.ts";
import { judge } from "./judge.ts";
import { kindOf, spacedWords, KINDS, type Kind } from "./keys.ts";
import type { KeyGroup } from "./generated/key-policy.ts";
import { countedAs, markerOf, policyOf } from "./policy.ts";
import { isMarker } from "./rule.ts";
import { createPseudonyms, type PseudonymKey } from "./pseudonym.ts";
import { createStandIn, type PanPolicy, standIn, type StandIn } from "./stand-in.ts";
import { redactText, SCANNED } from "./text.ts";

export type { DataClass, Finding } from "./finding.ts";

export interface RedactorOptions {
  /** Characters kept of a string, counted after redaction. Default: all of them. */
  truncateAt?: number;
  /** Called once for each thing redacted. */
  onFinding?: (finding: Finding) => void;
  /** Keys under which what identifies a person becomes a pseudonym, the newest first. Default: markers. */
  pseudonymKeys?: readonly PseudonymKey[];
  /** Card numbers keep their first six and last four digits, or become pseudonyms; never both. Default: mask. */
  pan?: PanPolicy;
}

export interface Redactor {
  /**
   * The value without what must not leave: the identical value when it is clean, of the same type
   * where it can be, `undefined` when all of it must go. Never throws.
   */
  value(key: string, value: unknown): unknown;
  /** The text, with no key to go by, without what must not leave. Never throws. */
  text(text: string): string;
}

const DEEPEST = 8;
const MOST_NODES = 1000;
const MOST_CHARACTERS = 4 * SCANNED;
const MOST_PENDING = 1000;
const REMOVED = "[removed]";
const LOOKS = 4;

const QUANTITY =
  /\b(?:amount|minor|bytes?|size|count|total|sum|duration|time|timestamp|ts|ns|ms|us|nanos|offset|length|limit|memory|heap|rows)\b/;

interface Walk {
  nodes: number;
  characters: number;
  ancestors: Set<object>;
  found: (finding: Finding) => void;
  truncateAt: number;
  stands: StandIn | undefined;
}

/**
 * Makes a redactor: it removes card and authentication data, credentials, and what identifies a
 * person from the keys and values of telemetry.
 *
 * Fails closed: what cannot be examined (too deep, too many, too long, it throws) is removed and
 * reported as a finding of the detectors `budget` and `engine-error`.
 *
 * @example createRedactor().text("card 4111 1111 1111 1111") // "card 411111******1111"
 */
export function createRedactor({
  truncateAt = Infinity,
  onFinding,
  pseudonymKeys,
  pan = "mask",
}: RedactorOptions = {}): Redactor {
  const stands = createStandIn(pseudonymKeys && createPseudonyms(pseudonymKeys), pan);
  const pending: Finding[] = [];
  const found = (finding: Finding): void => {
    if (onFinding === undefined) return;
    if (pending.length < MOST_PENDING) pending.push(finding);
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      try {
        onFinding(next);
      } catch {
        // The listener's fault must not reach the payment. What it did not take is offered again
        // with the next finding.
        pending.unshift(next);
        return;
      }
    }
  };
  const walkOf = (): Walk => ({
    nodes: 0,
    characters: 0,
    ancestors: new Set(),
    found,
    truncateAt,
    stands,
  });
  return {
    value: (key, value) => closed(found, undefined, () => redactValue(key, value, walkOf(), 0)),
    text: (text) =>
      closed(found, REMOVED, () => shorten(redactText(text, "", found, stands), truncateAt)),
  };
}

function closed<Result>(found: Walk["found"], fallback: Result, work: () => Result): Result {
  try {
    return work();
  } catch {
    found({ class: "credential", action: "removed", detector: "engine-error" });
    return fallback;
  }
}

function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Half of a surrogate pair is not valid UTF-16.
  const end = limit > 0 && /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return text.slice(0, end);
}

function redactValue(key: string, value: unknown, walk: Walk, depth: number): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  const group = policyOf(key);
  if (group !== undefined && group.action !== "scan" && group.action !== "keep") {
    return byRegistry(key, value, group, walk);
  }
  // A number that the registry keeps is an amount, a size or a count, however many digits it has.
  if (group?.action === "keep" && typeof value === "number") return value;
  if (typeof value === "string") {
    walk.characters += Math.min(value.length, SCANNED);
    if (++walk.nodes > MOST_NODES || walk.characters > MOST_CHARACTERS) return overBudget(walk);
    return redactString(key, value, walk);
  }
  if (typeof value === "number" || typeof value === "bigint") return redactNumber(key, value, walk);
  if (typeof value !== "object") return undefined;
  if (depth > DEEPEST || ++walk.nodes > MOST_NODES || walk.ancestors.has(value)) {
    return overBudget(walk);
  }
  walk.ancestors.add(value);
  try {
    return redactObject(key, value, walk, depth);
  } finally {
    walk.ancestors.delete(value);
  }
}

// The registry names this attribute as one that must not leave, whatever its value looks like.
function byRegistry(key: string, value: unknown, group: KeyGroup, walk: Walk): string | undefined {
  const plain = markerOf(key, group);
  if (value === plain) return plain;
  const isRemoved = group.action === "remove";
  const isHashed = group.action === "hash";
  if (isHashed && typeof value === "string" && isMarker(value)) return value;
  const hashed = isHashed ? walk.stands?.ofKey(key, value) : undefined;
  const marker = hashed ?? plain;
  const action = isRemoved ? "removed" : hashed === undefined ? "masked" : "hashed";
  walk.found({ class: countedAs(group), action, detector: "registry" });
  return isRemoved ? undefined : marker;
}

function overBudget(walk: Walk): string {
  walk.found({ class: "credential", action: "removed", detector: "budget" });
  return REMOVED;
}

function redactString(key: string, value: string, walk: Walk): string | undefined {
  const kind = kindOf(key);
  if (
    kind === "trace" &&
    /^(?:[0-9a-f]{1,32}|\d{1,20}|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})$/i.test(value)
  )
    return value;
  let current = value;
  // What the detectors leave of a value may be what its key decides on.
  for (let look = 0; look < LOOKS; look++) {
    const whole =
      kind === undefined || kind === "trace" ? undefined : wholeValue(kind, current, walk);
    if (whole !== undefined) return whole.text && shorten(whole.text, walk.truncateAt);
    const next = redactText(current, spacedWords(key), walk.found, walk.stands);
    if (next === current) break;
    current = next;
  }
  return shorten(current, walk.truncateAt);
}

// The value as its key has it; absent when the key does not decide.
function wholeValue(
  kind: Exclude<Kind, "trace">,
  value: string,
  walk: Walk,
): { text?: string } | undefined {
  const verdict = judge(kind, value, "quoted");
  if (verdict === undefined || isMarker(value)) return undefined;
  const { marker, action } = standIn(verdict, value, walk.stands);
  walk.found({ class: verdict.class, action, detector: verdict.detector });
  // Of authentication data not even the place is kept (PCI DSS 3.3.1).
  return verdict.class === "pci_sad" ? {} : { text: marker };
}

function redactNumber(key: string, value: number | bigint, walk: Walk): unknown {
  const kind = kindOf(key);
  if (kind === "trace") return value;
  if (kind === "pin" || kind === "cvv" || kind === "sad") {
    walk.found({ class: "pci_sad", action: "removed", detector: `key-${kind}` });
    return undefined;
  }
  if (typeof value === "number" && !Number.isInteger(value)) return value;
  // Through BigInt, because a large number prints itself with an exponent.
  const digits = BigInt(value).toString();
  const decided =
    kind === undefined || kind === "name" ? undefined : wholeValue(kind, digits, walk);
  if (decided !== undefined) return decided.text;
  const words = spacedWords(key);
  // Eleven digits may be a phone number, and an amount or a size when the key says so.
  if (digits.length < 11 || (digits.length < 13 && QUANTITY.test(words))) return value;
  const text = redactText(digits, words, walk.found, walk.stands);
  return text === digits ? value : redactString(key, text, walk);
}

function redactObject(key: string, value: object, walk: Walk, depth: number): unknown {
  if (Array.isArray(value)) return redactArray(key, value, walk, depth);
  if (value instanceof Uint8Array) return redactBytes(key, value, walk);
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const items = Symbol.iterator in value ? [...(value as unknown as Iterable<unknown>)] : [];
    const clean = redactBytes(key, bytes, walk) === bytes;
    return clean && redactArray(key, items, walk, depth) === items ? value : undefined;
  }
  if (value instanceof Date) return value;
  if (value instanceof Map) {
    const entries = redactEntries(key, [...value], walk, depth);
    return entries === undefined ? value : new Map(entries);
  }
  if (value instanceof Set) {
    const items = [...value];
    const redacted = redactArray(key, items, walk, depth);
    return redacted === items ? value : new Set(Array.isArray(redacted) ? redacted : [redacted]);
  }
  if (value instanceof URL) return redactValue(key, value.href, walk, depth + 1);
  if (value instanceof Error) {
    return redactObject(
      key,
      { name: value.name, message: value.message, stack: value.stack, cause: value.cause },
      walk,
      depth,
    );
  }
  // What it would be written as is what counts, not what it shows until then.
  const own =
    "toJSON" in value && typeof value.toJSON === "function" ? (value.toJSON() as unknown) : value;
  if (own !== value) return redactValue(key, own, walk, depth + 1);
  const entries = redactEntries(key, Object.entries(value), walk, depth);
  return entries === undefined ? value : Object.fromEntries(entries as Array<[string, unknown]>);
}

function redactEntries(
  key: string,
  entries: Array<[unknown, unknown]>,
  walk: Walk,
  depth: number,
): Array<[unknown, unknown]> | undefined {
  let changed = false;
  const kept: Array<[unknown, unknown]> = [];
  for (const [name, item] of entries) {
    const newName =
      typeof name === "string"
        ? redactText(name, "", walk.found, walk.stands)
        : redactValue("", name, walk, depth + 1);
    // {Name: "PhoneNumber", Value: 254712345678}: the value of one is the key of the other.
    const named = /^(?:value|val|data)$/i.test(String(name)) ? nameIn(entries) : undefined;
    // By the name as it leaves, so that a second look goes by the same.
    const path = named ?? pathOf(key, String(newName));
    const newItem = redactValue(
      inherits(key, path, String(newName)) ? key : path,
      item,
      walk,
      depth + 1,
    );
    if (newName !== name || newItem !== item) changed = true;
    if (newItem !== undefined || item === undefined) kept.push([newName, newItem]);
  }
  return changed ? kept : undefined;
}

// What is about a secret rather than a part of it.
const ABOUT =
  /^(?:type|kind|id|name|title|label|description|message|error|format|placeholder|status|state|count|length|size|enabled|required|valid|url|uri|alg|algorithm|kid|min.*|max.*|expir.*|creat.*|updat.*|.*_?at|policy|user|username|provider|source|version|scopes?|attempts.*|retries)$/i;

// {secrets: {db: "x"}}: what a secret consists of is secret too.
export function inherits(key: string, path: string, name: string): boolean {
  const parent = kindOf(key);
  const whole =
    parent === "secret" ||
    parent === "phrase" ||
    parent === "cvv" ||
    parent === "pin" ||
    parent === "sad";
  return whole && kindOf(path) === undefined && !ABOUT.test(name);
}

function nameIn(entries: ReadonlyArray<[unknown, unknown]>): string | undefined {
  const pair = entries.find(([name]) => /^(?:name|key|field)$/i.test(String(name)));
  return typeof pair?.[1] === "string" ? pair[1] : undefined;
}

// Two names are enough: {card: {number}} is a card's number.
export function pathOf(key: string, name: string): string {
  const parent = key.slice(key.lastIndexOf(".") + 1);
  return parent === "" ? name : `${parent}.${name}`;
}

function redactArray(key: string, items: unknown[], walk: Walk, depth: number): unknown {
  const digits = items.length >= 13 && items.every((item) => /^\d$/.test(String(item)));
  if (
    digits &&
    redactText(items.join(""), spacedWords(key), walk.found, walk.stands) !== items.join("")
  ) {
    return undefined;
  }
  const kind = kindOf(key);
  const listed = items.every(
    (item) => typeof item === "number" && Number.isInteger(item) && item >= 0 && item < 256,
  );
  if (
    listed &&
    items.length >= 8 &&
    redactBytes(key, Uint8Array.from(items as number[]), walk) === undefined
  )
    return undefined;
  let changed = false;
  const redacted = items.map((item) => {
    const result = redactValue(key, item, walk, depth + 1);
    if (result !== item) changed = true;
    // A hole would change what the other places mean.
    return result === undefined && item !== undefined
      ? kind === undefined || kind === "trace"
        ? REMOVED
        : KINDS[kind].marker
      : result;
  });
  return changed ? redacted : items;
}

function redactBytes(key: string, bytes: Uint8Array, walk: Walk): Uint8Array | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = buffer.toString("utf8");
  const encoding = utf8.includes("\ufffd") ? "latin1" : "utf8";
  const text = encoding === "utf8" ? utf8 : buffer.toString("latin1");
  const redacted = redactString(key, text, walk);
  if (redacted === text) return bytes;
  return redacted === undefined ? undefined : Uint8Array.from(Buffer.from(redacted, encoding));
}
