import { type Context, ROOT_CONTEXT } from "@opentelemetry/api";

/**
 * A context with its few values in one list.
 *
 * The API's own copies a map and makes three functions for each value that is set, several times in a request.
 */
class FlatContext implements Context {
  /** Key, value, key, value. */
  readonly #entries: readonly unknown[];

  constructor(entries: readonly unknown[]) {
    this.#entries = entries;
  }

  getValue(key: symbol): unknown {
    return this.#entries[this.#placeOf(key) + 1];
  }

  setValue(key: symbol, value: unknown): Context {
    const entries = [...this.#entries];
    const place = this.#placeOf(key);
    if (place < 0) entries.push(key, value);
    else entries[place + 1] = value;
    return new FlatContext(entries);
  }

  deleteValue(key: symbol): Context {
    const place = this.#placeOf(key);
    return place < 0 ? this : new FlatContext(this.#entries.toSpliced(place, 2));
  }

  // -2 when there is none, so that there is no value either.
  #placeOf(key: symbol): number {
    const entries = this.#entries;
    for (let at = 0; at < entries.length; at += 2) if (entries[at] === key) return at;
    return -2;
  }
}

/** Makes every context that comes of the API's root, of this copy of the API, a flat one. */
export function flattenContexts(): void {
  const root: Context = ROOT_CONTEXT;
  root.setValue = (key, value) => new FlatContext([key, value]);
  root.deleteValue = () => root;
}
