import {
  ATTR_FINANCE_PAYMENT_STATUS,
  INSTRUMENT_FINANCE_PAYMENT_PENDING,
  INSTRUMENT_FINANCE_PAYMENT_PENDING_AGE,
} from "@assay/semconv";
import { type Attributes, type BatchObservableResult, diag, metrics } from "@opentelemetry/api";
import { messageOf } from "./blame.ts";
import type { Sql } from "./checkpoint.ts";
import { createObservableGauge, SCOPE } from "./instruments.ts";
import type { PaymentStatus } from "./outcome.ts";
import { type Rail, railLabels } from "./rail.ts";

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
     where status in ('created', 'requires_action', 'processing', 'authorized', 'captured', 'settled', 'unknown')
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
 * `find` is asked once at each export. A rail and state that it does not give any more is zero. When it rejects, a warning
 * says so and the gauges keep the values that they had; they have none before it first resolves.
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
  // What is not observed keeps its last value for good.
  const seen = new Map<string, Attributes>();
  const observe = async (result: BatchObservableResult): Promise<void> => {
    try {
      const found = await find();
      for (const labels of seen.values()) {
        result.observe(counts, 0, labels);
        result.observe(ages, 0, labels);
      }
      for (const { rail, status, count, oldestMs } of found) {
        const known = rails[rail];
        if (known === undefined) continue;
        const labels = { ...railLabels(known), [ATTR_FINANCE_PAYMENT_STATUS]: status };
        seen.set(`${rail} ${status}`, labels);
        result.observe(counts, count, labels);
        result.observe(ages, oldestMs / 1_000, labels);
      }
    } catch (error) {
      diag.warn(`what waits for its outcome could not be asked for: ${messageOf(error)}`);
    }
  };
  metrics.getMeter(SCOPE).addBatchObservableCallback(observe, [counts, ages]);
}
