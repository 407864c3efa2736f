import { type Attributes, diag, metrics } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CACHE_NAME,
  ATTR_FINANCE_CACHE_RESULT,
  type FinanceAttributes,
  INSTRUMENT_FINANCE_CACHE_OPERATIONS,
  INSTRUMENT_FINANCE_CACHE_SIZE,
} from "@assay/semconv";
import { messageOf } from "./blame.ts";
import { createCounter, createObservableGauge, SCOPE } from "./instruments.ts";

export type CacheResult = NonNullable<FinanceAttributes["finance.cache.result"]>;

export interface CacheOptions {
  /** How many entries it has; asked once at each export. */
  size?: () => number;
}

/** Where values are kept: a `Map`, an LRU cache, a client of a server. */
export interface CacheStore<Key, Value> {
  /** `null`, which clients of Redis give, and `undefined` are a miss. */
  get(key: Key): Value | null | undefined | Promise<Value | null | undefined>;
  set(key: Key, value: Value): unknown;
}

export interface ObservedCache {
  /** Counts a look-up. */
  count(result: CacheResult): void;
  /**
   * Gives what the store has for the key, or loads it and puts it there; one look-up is counted.
   *
   * A store that fails counts as `error`, and the value is loaded. What `load` throws is thrown unchanged.
   */
  getOrLoad<Key, Value>(
    store: CacheStore<Key, Value>,
    key: Key,
    load: () => Value | Promise<Value>,
  ): Promise<Value>;
}

const RESULTS = ["hit", "miss", "error"] as const satisfies readonly CacheResult[];

/**
 * Makes counts of what caches give, and gauges of their size. The caches are named once, here, so their names are the
 * only labels there can be; keys are none.
 *
 * @example
 * const caches = observeCaches({ jwt: { size: () => keys.size }, rates: {} });
 * const key = await caches.jwt.getOrLoad(keys, kid, () => fetchKey(kid));
 */
export function observeCaches<Name extends string>(
  caches: Readonly<Record<Name, CacheOptions>>,
): Readonly<Record<Name, ObservedCache>> {
  const operations = createCounter(INSTRUMENT_FINANCE_CACHE_OPERATIONS);
  const all = Object.entries<CacheOptions>(caches);
  observeSizes(all);
  const observed = all.map(([name]): [string, ObservedCache] => {
    for (const result of RESULTS) operations.add(0, labelsOf(name, result));
    const count = (result: CacheResult): void => operations.add(1, labelsOf(name, result));
    const warn = (error: unknown): void =>
      diag.warn(`the cache ${name} failed: ${messageOf(error)}`);
    return [
      name,
      { count, getOrLoad: (store, key, load) => getOrLoad(store, key, load, count, warn) },
    ];
  });
  return Object.fromEntries(observed) as Record<Name, ObservedCache>;
}

function labelsOf(name: string, result: CacheResult): Attributes {
  return { [ATTR_FINANCE_CACHE_NAME]: name, [ATTR_FINANCE_CACHE_RESULT]: result };
}

async function getOrLoad<Key, Value>(
  store: CacheStore<Key, Value>,
  key: Key,
  load: () => Value | Promise<Value>,
  count: (result: CacheResult) => void,
  warn: (error: unknown) => void,
): Promise<Value> {
  let result: CacheResult = "miss";
  try {
    const kept = await store.get(key);
    if (kept !== undefined && kept !== null) {
      count("hit");
      return kept;
    }
  } catch (error) {
    result = "error";
    warn(error);
  }
  let value: Value;
  try {
    value = await load();
  } catch (error) {
    count(result);
    throw error;
  }
  try {
    await store.set(key, value);
  } catch (error) {
    result = "error";
    warn(error);
  }
  count(result);
  return value;
}

function observeSizes(caches: readonly (readonly [string, CacheOptions])[]): void {
  const measured = caches.flatMap(([name, { size }]) =>
    size === undefined ? [] : [{ name, size }],
  );
  if (measured.length === 0) return;
  const sizes = createObservableGauge(INSTRUMENT_FINANCE_CACHE_SIZE);
  metrics.getMeter(SCOPE).addBatchObservableCallback(
    (result) => {
      for (const { name, size } of measured) {
        try {
          result.observe(sizes, size(), { [ATTR_FINANCE_CACHE_NAME]: name });
        } catch (error) {
          diag.warn(`the size of the cache ${name} could not be asked for: ${messageOf(error)}`);
        }
      }
    },
    [sizes],
  );
}
