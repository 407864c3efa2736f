import {
  type BatchObservableResult,
  type Meter,
  metrics,
  type ObservableUpDownCounter,
} from "@opentelemetry/api";
import {
  type Instrument,
  INSTRUMENT_DB_CLIENT_CONNECTION_COUNT,
  INSTRUMENT_DB_CLIENT_CONNECTION_IDLE_MAX,
  INSTRUMENT_DB_CLIENT_CONNECTION_MAX,
  INSTRUMENT_DB_CLIENT_CONNECTION_PENDING_REQUESTS,
} from "@assay/semconv";
import { isMeterNoop, SCOPE } from "./instruments.ts";
import { type Connect, timePool } from "./pool-times.ts";

/** A pool of connections by what is used of it; `Pool` of `pg` is one. */
export interface ConnectionPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly ended?: boolean;
  readonly options?: { readonly max?: number | undefined };
  connect: Connect;
  on(event: "connect" | "acquire", listener: (client: object) => void): unknown;
  on(event: "release", listener: (error: unknown, client: object) => void): unknown;
}

/** The pools of each name. A name stays when its pools have ended: what is observed no more keeps its last value. */
type Watched = Map<string, Set<WeakRef<ConnectionPool>>>;

const [POOL_NAME, STATE] = INSTRUMENT_DB_CLIENT_CONNECTION_COUNT.attributes;
// By its description, so that the preload, which reports every other pool of pg, knows it and leaves this one to us.
const OBSERVED = Symbol.for("assay.pool.observed");
// Of pg, when nobody says.
const DEFAULT_MAX = 10;

const watchedBy = new WeakMap<object, Watched>();

/**
 * Makes OpenTelemetry's metrics of a pool of connections: how many are used and idle, how many there may be, how many
 * requests wait; how long those waited, how long connections are used and take to open, and how many requests were given
 * up (`connectionTimeoutMillis`).
 *
 * Call it right after the pool is made. The preload reports pools of pg by host and database, and leaves this one out then.
 * Pools of the same name are added up. The pool is not kept alive; when it has ended, nothing is used of it. Without an SDK
 * it does nothing.
 *
 * @example
 * const pool = new Pool({ max: 20, connectionTimeoutMillis: 2_000 });
 * observePool(pool, { name: "ledger" });
 */
export function observePool(pool: ConnectionPool, { name }: { name: string }): void {
  if (isMeterNoop() || OBSERVED in pool) return;
  Reflect.defineProperty(pool, OBSERVED, { value: true });
  const provider = metrics.getMeterProvider();
  let watched = watchedBy.get(provider);
  if (watched === undefined) {
    watched = new Map();
    watchedBy.set(provider, watched);
    report(watched);
  }
  const pools = watched.get(name) ?? new Set();
  watched.set(name, pools.add(new WeakRef(pool)));
  timePool(pool, { [POOL_NAME]: name });
}

interface Total {
  used: number;
  idle: number;
  max: number;
  pending: number;
}

function report(watched: Watched): void {
  const meter = metrics.getMeter(SCOPE);
  const count = createUpDownCounter(meter, INSTRUMENT_DB_CLIENT_CONNECTION_COUNT);
  const max = createUpDownCounter(meter, INSTRUMENT_DB_CLIENT_CONNECTION_MAX);
  const idleMax = createUpDownCounter(meter, INSTRUMENT_DB_CLIENT_CONNECTION_IDLE_MAX);
  const pending = createUpDownCounter(meter, INSTRUMENT_DB_CLIENT_CONNECTION_PENDING_REQUESTS);
  const observe = (result: BatchObservableResult): void => {
    for (const [name, pools] of watched) {
      const total = totalOf(pools);
      const labels = { [POOL_NAME]: name };
      result.observe(count, total.used, { ...labels, [STATE]: "used" });
      result.observe(count, total.idle, { ...labels, [STATE]: "idle" });
      result.observe(max, total.max, labels);
      // pg lets every connection be idle.
      result.observe(idleMax, total.max, labels);
      result.observe(pending, total.pending, labels);
    }
  };
  meter.addBatchObservableCallback(observe, [count, max, idleMax, pending]);
}

function totalOf(pools: Set<WeakRef<ConnectionPool>>): Total {
  const total = { used: 0, idle: 0, max: 0, pending: 0 };
  for (const weak of pools) {
    const pool = weak.deref();
    if (pool === undefined || pool.ended === true) {
      pools.delete(weak);
      continue;
    }
    // One that is being opened is used: someone waits for it.
    total.used += pool.totalCount - pool.idleCount;
    total.idle += pool.idleCount;
    total.max += pool.options?.max ?? DEFAULT_MAX;
    total.pending += pool.waitingCount;
  }
  return total;
}

function createUpDownCounter(
  meter: Meter,
  { name, unit, description }: Instrument,
): ObservableUpDownCounter {
  return meter.createObservableUpDownCounter(name, { unit, description });
}
