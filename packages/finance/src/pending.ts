import {
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PROVIDER_OPERATION_NAME,
  INSTRUMENT_FINANCE_PAYMENT_PENDING,
  INSTRUMENT_FINANCE_PAYMENT_PENDING_AGE,
} from "@assay/semconv";
import { type Attributes, type BatchObservableResult, diag, metrics } from "@opentelemetry/api";
import { messageOf } from "./blame.ts";
import type { Sql } from "./checkpoint.ts";
import { createObservableGauge, SCOPE } from "./instruments.ts";
import type { PaymentStatus } from "./outcome.ts";
import { type Rail, railLabels } from "./rail.ts";
import { WAITING } from "./transitions.ts";

/** Payments of a rail in one state that wait for their outcome. */
export interface Pending {
  rail: string;
  status: PaymentStatus;
  count: number;
  /** Of the oldest of them, in milliseconds. */
  oldestMs: number;
}

/** Asks the database for what waits, in the tables of CHECKPOINT_SCHEMA; an application may write its own query. */
export async function pendingIn(sql: Sql): Promise<Pending[]> {
  const rows = await sql.select(
    `select rail, status, count(*) as "count", min(started_at) as "oldest" from finance_payment_checkpoints
     where status in (${WAITING.map((status) => `'${status}'`).join(", ")})
     group by rail, status`,
    [],
  );
  const now = Date.now();
  return rows.map(({ rail, status, count, oldest }) => ({
    rail: rail as string,
    status: status as PaymentStatus,
    count: Number(count),
    oldestMs: Math.max(0, now - Number(oldest)),
  }));
}

/**
 * Makes gauges of what waits for its outcome: how many payments of each rail and state, and how old the oldest is. A
 * payment that is stuck or lost shows as an age above the rail's limit.
 *
 * Where nothing waits both are 0: a series that went away would keep its last value in Prometheus for minutes.
 *
 * `find` is asked once at each export. When it rejects, the gauges have no value then, which an alert on absence sees.
 *
 * @example observePending({ rails, find: () => pendingIn(sql) });
 */
export function observePending({
  rails,
  find,
}: {
  rails: Readonly<Record<string, Rail>>;
  find: () => Promise<readonly Pending[]>;
}): void {
  const counts = createObservableGauge(INSTRUMENT_FINANCE_PAYMENT_PENDING);
  const ages = createObservableGauge(INSTRUMENT_FINANCE_PAYMENT_PENDING_AGE);
  const observe = async (result: BatchObservableResult): Promise<void> => {
    try {
      for (const { labels, count, oldestMs } of byLabels(rails, await find())) {
        result.observe(counts, count, labels);
        result.observe(ages, oldestMs / 1_000, labels);
      }
    } catch (error) {
      diag.warn(`what waits for its outcome could not be asked for: ${messageOf(error)}`);
    }
  };
  metrics.getMeter(SCOPE).addBatchObservableCallback(observe, [counts, ages]);
}

interface Waiting {
  labels: Attributes;
  count: number;
  oldestMs: number;
}

// Two rails may have the same labels, and of two observations under them the SDK keeps the last.
function byLabels(
  rails: Readonly<Record<string, Rail>>,
  found: readonly Pending[],
): Iterable<Waiting> {
  const all = new Map<string, Waiting>();
  const at = (rail: Rail, status: PaymentStatus): Waiting => {
    const labels = {
      ...railLabels(rail),
      [ATTR_FINANCE_PROVIDER_OPERATION_NAME]: rail.api,
      [ATTR_FINANCE_PAYMENT_STATUS]: status,
    };
    const key = JSON.stringify(labels);
    const known = all.get(key) ?? { labels, count: 0, oldestMs: 0 };
    all.set(key, known);
    return known;
  };
  for (const rail of Object.values(rails)) for (const status of WAITING) at(rail, status);
  for (const { rail: name, status, count, oldestMs } of found) {
    const rail = rails[name];
    if (rail === undefined) continue;
    const waiting = at(rail, status);
    waiting.count += count;
    waiting.oldestMs = Math.max(waiting.oldestMs, oldestMs);
  }
  return all.values();
}
