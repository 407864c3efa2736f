import { type BatchObservableResult, metrics } from "@opentelemetry/api";
import type { Instrument } from "@assay/semconv";
import {
  INSTRUMENT_DB_CLIENT_CONNECTION_COUNT,
  INSTRUMENT_DB_CLIENT_CONNECTION_MAX,
  INSTRUMENT_DB_CLIENT_CONNECTION_PENDING_REQUESTS,
} from "@assay/semconv/instruments";
import { shield } from "./shield.ts";

/** A pool of pg, by what is read of it. */
interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
  ended: boolean;
  options: Readonly<
    Record<"connectionString" | "host" | "port" | "database", string | undefined>
  > & {
    max: number;
  };
}

/** The pools of each name. A name stays when its pools have ended: what is observed no more keeps its last value. */
type Pools = Map<string, Set<WeakRef<Pool>>>;

const [POOL_NAME, STATE] = INSTRUMENT_DB_CLIENT_CONNECTION_COUNT.attributes;
// What `observePool` of @assay/finance puts on a pool that it reports itself, under a name of the application's.
const OBSERVED = Symbol.for("assay.pool.observed");

/**
 * Has the pools of pg read when metrics are collected. Upstream's instrumentation reads them at their events, of which
 * there is none when a request begins to wait, and one before a connection that is given back is idle: a pool that is
 * used up shows nothing that waits, and one that rests a used connection. It also keeps pools alive.
 */
export function readPools(instrumentation: object): void {
  const pools: Pools = new Map();
  const known = new WeakSet<Pool>();
  // Called with the pool at each of its `connect`.
  const meet = (pool: Pool): void => {
    if (known.has(pool)) return;
    known.add(pool);
    if (OBSERVED in pool) return;
    if (pools.size === 0) report(pools);
    const name = nameOf(pool);
    pools.set(name, (pools.get(name) ?? new Set()).add(new WeakRef(pool)));
  };
  const safely = shield("the metrics of pg's pools", meet, () => {});
  Reflect.set(instrumentation, "_setPoolConnectEventListeners", safely);
}

function report(pools: Pools): void {
  const meter = metrics.getMeter("@assay/node");
  const create = ({ name, unit, description }: Instrument) =>
    meter.createObservableUpDownCounter(name, { unit, description });
  const count = create(INSTRUMENT_DB_CLIENT_CONNECTION_COUNT);
  const most = create(INSTRUMENT_DB_CLIENT_CONNECTION_MAX);
  const pending = create(INSTRUMENT_DB_CLIENT_CONNECTION_PENDING_REQUESTS);
  const observe = (result: BatchObservableResult): void => {
    for (const [name, known] of pools) {
      const labels = { [POOL_NAME]: name };
      let [used, idle, max, waiting] = [0, 0, 0, 0];
      for (const { totalCount, idleCount, waitingCount, options } of opened(known)) {
        used += totalCount - idleCount;
        idle += idleCount;
        max += options.max;
        waiting += waitingCount;
      }
      result.observe(count, used, { ...labels, [STATE]: "used" });
      result.observe(count, idle, { ...labels, [STATE]: "idle" });
      result.observe(most, max, labels);
      result.observe(pending, waiting, labels);
    }
  };
  meter.addBatchObservableCallback(observe, [count, most, pending]);
}

function opened(known: Set<WeakRef<Pool>>): Pool[] {
  return [...known].flatMap((weak) => {
    const pool = weak.deref();
    if (pool !== undefined && !pool.ended && !(OBSERVED in pool)) return [pool];
    known.delete(weak);
    return [];
  });
}

// As OpenTelemetry proposes it, `host:port/database`, also of a pool that was given a URL.
function nameOf({ options }: Pool): string {
  const { connectionString = "" } = options;
  const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
  const { PGHOST, PGPORT, PGDATABASE } = process.env;
  const host = url?.hostname || options.host || PGHOST || "localhost";
  const port = url?.port || options.port || PGPORT || "5432";
  const database = url?.pathname.slice(1) || options.database || PGDATABASE || "postgres";
  return `${host}:${port}/${database}`;
}
