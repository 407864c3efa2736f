import { type Attributes, diag } from "@opentelemetry/api";
import { cleanValue, INVALID } from "./attribute-value.ts";

// Of so many a key is found faster by looking at each than in a map.
const FEW = 24;

/**
 * The attributes of one span: two lists instead of an object, which costs a third to fill and nothing to read in turn.
 *
 * Whoever asks for the object gets it, and from then on it is what counts: processors change the attributes of a span by
 * changing it.
 */
export class SpanAttributes {
  keys: string[] = [];
  values: unknown[] = [];
  dropped = 0;
  #object: Attributes | undefined;
  #places: Map<string, number> | undefined;
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Sets one; what `setAttribute` leaves out it does not count as dropped, but for what is above the limit. */
  set(key: string, value: unknown): void {
    if (value === undefined) return;
    if (!isKey(key)) return;
    const place = this.#placeOf(key);
    const isNew = place === -1;
    if (isNew && this.#count() >= this.#limit) {
      this.dropped += 1;
      if (this.dropped === 1) diag.warn("Attributes above the limit of a span are dropped.");
      return;
    }
    const clean = cleanValue(value);
    if (clean === INVALID) warn(key);
    else if (this.#object !== undefined) this.#object[key] = clean;
    else if (isNew) this.#add(key, clean);
    else this.values[place] = clean;
  }

  /** Sets those that a span starts with, of which each that is left out counts as dropped. */
  start(attributes: Attributes): void {
    for (const key of Object.keys(attributes)) {
      const value = attributes[key];
      if (value === undefined) continue;
      const clean = isKey(key) ? cleanValue(value) : INVALID;
      const place = this.#placeOf(key);
      if (clean === INVALID) {
        this.dropped += 1;
        warn(key);
      } else if (place !== -1) this.values[place] = clean;
      else if (this.keys.length >= this.#limit) this.dropped += 1;
      else this.#add(key, clean);
    }
  }

  /** The attributes as an object that may be changed. */
  object(): Attributes {
    return (this.#object ??= toObject(this.keys, this.values));
  }

  /** The attributes as they are now, as two lists that nobody may change. */
  lists(): { keys: string[]; values: unknown[] } {
    if (this.#object === undefined) return this;
    return { keys: Object.keys(this.#object), values: Object.values(this.#object) };
  }

  #count(): number {
    return this.#object === undefined ? this.keys.length : Object.keys(this.#object).length;
  }

  #placeOf(key: string): number {
    if (this.#object !== undefined) return Object.hasOwn(this.#object, key) ? 0 : -1;
    if (this.#places !== undefined) return this.#places.get(key) ?? -1;
    return this.keys.indexOf(key);
  }

  #add(key: string, value: unknown): void {
    this.#places?.set(key, this.keys.length);
    this.keys.push(key);
    this.values.push(value);
    if (this.keys.length === FEW) {
      this.#places = new Map(this.keys.map((each, place) => [each, place]));
    }
  }
}

/** Gives attributes that are two lists as an object. */
export function toObject(keys: readonly string[], values: readonly unknown[]): Attributes {
  const object: Attributes = {};
  for (let at = 0; at < keys.length; at += 1) object[keys[at]!] = values[at];
  return object;
}

// Of an object the second is no property but what it inherits from.
function isKey(key: unknown): boolean {
  return typeof key === "string" && key.length > 0 && key !== "__proto__";
}

function warn(key: unknown): void {
  diag.warn(`An attribute of a span is left out, its key or value is none: ${String(key)}`);
}
