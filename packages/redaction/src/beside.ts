import { PAN, REMOVE, HASH, TRACE } from "./codes.ts";
import type { KeyRef, KeyRefs } from "./key-refs.ts";

const NAMED = /^(?:value|val|data|content|rejectedvalue|received|actual|input)$/i;
const NAMER =
  /^(?:name|key|field|fieldname|param|parameter|header|id|property|path|attribute|variable|label|datapath|instancepath)$/i;
// Whose value is the key of the other even when it says nothing.
const PLAIN_NAMER = /^(?:name|key|field)$/i;
const HEADER = /^[A-Za-z][\w-]{0,63}$/;
const OPTION = /^--?[A-Za-z][\w-]{0,63}$/;
const MARKED = /[\d= ]/;
const GROUP = /^\d[\d -]{0,11}$/;
const LEAST_CARD = 12;
const MOST_CARD = 19;
// Digits of the shortest card number whose groups are items of a list.
const LEAST_LISTED = 13;

type Entries = ReadonlyArray<readonly [unknown, unknown]>;

/**
 * The name of a member whose key is the value of another one: `{name: "PhoneNumber", value: 254712345678}`, in
 * whatever order and with whatever between; `undefined` when its own name is its key.
 */
export function nameBeside(name: unknown, entries: Entries, keys: KeyRefs): string | undefined {
  if (!NAMED.test(String(name))) return undefined;
  let plain: string | undefined;
  for (const [other, item] of entries) {
    if (!NAMER.test(String(other))) continue;
    // The path of a nested field is a list.
    const text: unknown = Array.isArray(item) ? item.at(-1) : item;
    if (typeof text !== "string") continue;
    if (isSaying(keys.of(text))) return text;
    if (PLAIN_NAMER.test(String(other))) plain ??= text;
  }
  return plain;
}

function isSaying({ flags }: KeyRef): boolean {
  const [kind, action] = [flags & 255, (flags >> 16) & 255];
  return (kind !== 0 && kind !== TRACE) || (action >= REMOVE && action <= HASH);
}

/** Whether a member is field 52 of an ISO 8583 message, by its number and form. */
export function isPinField(name: unknown, item: unknown): boolean {
  return /^0?52$/.test(String(name)) && typeof item === "string" && /^[\da-f]{16}$/i.test(item);
}

/** Whether a member is the `code` of three or four digits beside a card number, which is that card's. */
export function isCardCode(name: unknown, item: unknown, entries: Entries, keys: KeyRefs): boolean {
  if (
    !/^(?:code|verification|security|cid)$/i.test(String(name)) ||
    !/^\d{3,4}$/.test(textOf(item))
  )
    return false;
  return entries.some(([other, value]) => {
    const count = textOf(value).replace(/\D/g, "").length;
    if (count < LEAST_CARD || count > MOST_CARD) return false;
    return (keys.of(String(other)).flags & 255) === PAN;
  });
}

/**
 * The keys of the items of a list that has names and values by turns, as raw headers have, or options and their values,
 * as the arguments of a command; else `undefined`.
 */
export function keysOfPairs(
  items: readonly unknown[],
  keys: KeyRefs,
): Array<KeyRef | undefined> | undefined {
  if (items.length < 2 || !items.every((item) => typeof item === "string")) return undefined;
  const isPaired =
    items.length % 2 === 0 && items.every((item, at) => at % 2 === 1 || HEADER.test(item));
  let found: Array<KeyRef | undefined> | undefined;
  for (let at = 1; at < items.length; at++) {
    const name = items[at - 1]!;
    // Two names may stand beside each other.
    if (!(isPaired && at % 2 === 1 ? MARKED.test(items[at]!) : OPTION.test(name))) continue;
    const under = keys.of(name);
    if ((under.flags & 255) === 0 || (under.flags & 255) === TRACE) continue;
    found ??= items.map(() => undefined);
    found[at] = under;
  }
  return found;
}

/** The digits of a list as one text, when they may be a card number together; else `undefined`. */
export function joinedDigits(items: readonly unknown[]): string | undefined {
  if (items.length < 2) return undefined;
  if (items.length >= LEAST_LISTED && items.every((item) => /^\d$/.test(textOf(item))))
    return items.join("");
  if (items.length > MOST_CARD || !items.every((item) => GROUP.test(textOf(item))))
    return undefined;
  const joined = items.join(" ");
  const count = joined.replace(/\D/g, "").length;
  return count >= LEAST_LISTED && count <= MOST_CARD ? joined : undefined;
}

function textOf(item: unknown): string {
  if (typeof item === "string") return item;
  if (typeof item === "bigint") return item.toString();
  return typeof item === "number" && Number.isSafeInteger(item) ? item.toString() : "";
}
