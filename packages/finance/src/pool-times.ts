import type { Attributes } from "@opentelemetry/api";
import {
  INSTRUMENT_DB_CLIENT_CONNECTION_CREATE_TIME,
  INSTRUMENT_DB_CLIENT_CONNECTION_TIMEOUTS,
  INSTRUMENT_DB_CLIENT_CONNECTION_USE_TIME,
  INSTRUMENT_DB_CLIENT_CONNECTION_WAIT_TIME,
} from "@assay/semconv";
import { createCounter, createHistogram } from "./instruments.ts";
import { isPromise } from "./promise.ts";
import type { ConnectionPool } from "./pool.ts";

/** What asks a pool for a connection: it gives a promise, or takes a callback. */
// oxlint-disable-next-line typescript/no-explicit-any -- overloads of pg's own, whose types this package does not know
export type Connect = (...given: any[]) => any;

// pg's pool has no code for it, and two messages: of a request that waited, and of a connection that did not open.
const TIMED_OUT = /^timeout exceeded when trying to connect|terminated due to connection timeout/;

/**
 * Times the requests of a pool by its events and, as there is none when a request begins to wait or gives up, by its
 * `connect`, through which `query` goes, too. What that gives and throws stays the same.
 */
export function timePool(pool: ConnectionPool, labels: Attributes): void {
  const waits = createHistogram(INSTRUMENT_DB_CLIENT_CONNECTION_WAIT_TIME);
  const uses = createHistogram(INSTRUMENT_DB_CLIENT_CONNECTION_USE_TIME);
  const creations = createHistogram(INSTRUMENT_DB_CLIENT_CONNECTION_CREATE_TIME);
  const timeouts = createCounter(INSTRUMENT_DB_CLIENT_CONNECTION_TIMEOUTS);
  timeouts.add(0, labels);

  const opened = new WeakMap<object, number>();
  const taken = new WeakMap<object, number>();
  pool.on("connect", (client) => void opened.set(client, performance.now()));
  pool.on("acquire", (client) => void taken.set(client, performance.now()));
  pool.on("release", (_error, client) => {
    const at = taken.get(client);
    if (at === undefined) return;
    taken.delete(client);
    uses.record((performance.now() - at) / 1_000, labels);
  });

  const end = ({ at, opens }: Asked, error: unknown, client: unknown): void => {
    if (isTimeout(error)) timeouts.add(1, labels);
    if (error instanceof Error || typeof client !== "object" || client === null) return;
    waits.record((performance.now() - at) / 1_000, labels);
    const openedAt = opened.get(client);
    opened.delete(client);
    if (opens && openedAt !== undefined) creations.record((openedAt - at) / 1_000, labels);
  };

  const connect = pool.connect;
  pool.connect = function timed(...given: unknown[]): unknown {
    const asked: Asked = { at: performance.now(), opens: false };
    const before = pool.totalCount;
    const [callback] = given;
    const passed =
      typeof callback !== "function"
        ? given
        : [
            (...answer: unknown[]): unknown => {
              end(asked, answer[0], answer[1]);
              return Reflect.apply(callback, undefined, answer);
            },
          ];
    const value: unknown = Reflect.apply(connect, pool, passed);
    asked.opens = pool.totalCount > before;
    if (!isPromise(value)) return value;
    return value.then(
      (client) => {
        end(asked, undefined, client);
        return client;
      },
      (error: unknown) => {
        end(asked, error, undefined);
        throw error;
      },
    );
  };
}

interface Asked {
  at: number;
  /** It found none idle and room for one more, so a connection is opened for it. */
  opens: boolean;
}

function isTimeout(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === "ETIMEDOUT" || TIMED_OUT.test(String(message));
}
