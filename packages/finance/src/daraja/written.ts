import { parseFields, type Fields } from "./answer.ts";

/** What a web framework has of a request's body: its text or bytes, or what it has parsed. */
export type Body = unknown;

/**
 * Reads a body of Daraja, with every number as the text that it was written as; undefined of one that is no JSON object.
 *
 * Of a body that a framework has parsed the text is gone, and a number is written as JavaScript does, which is the same
 * amount up to 15 digits.
 */
export function readBody(body: Body): Fields | undefined {
  if (typeof body === "string") return parseFields(body, asWritten);
  if (body instanceof Uint8Array) return parseFields(Buffer.from(body).toString(), asWritten);
  return fieldsOf(body);
}

/** The fields of an object; undefined of anything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}

// Whoever finds the URL of a callback may write to it.
const LONGEST = 2_000;

/** A value as text; undefined when there is none. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return typeof value === "string" && value !== "" && value.length <= LONGEST ? value : undefined;
}

/**
 * Reads a list of names with values, such as `[{ Name: "Amount", Value: 1 }]`: in any order, of any length, and of one
 * alone without its list.
 */
export function readPairs(list: unknown, nameKey: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  const items: readonly unknown[] = Array.isArray(list) ? list : [list];
  for (const item of items) {
    const fields = fieldsOf(item);
    const name = textOf(fields?.[nameKey]);
    const value = textOf(fields?.["Value"]);
    if (name !== undefined && value !== undefined) pairs.set(name, value);
  }
  return pairs;
}

// The text of a number comes third, since ES2025; the types of TypeScript's library do not have it yet.
function asWritten(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" ? (context?.source ?? value) : value;
}
