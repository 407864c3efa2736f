import type { PaymentStatus } from "./outcome.ts";

/**
 * Any SQL client, by two methods. Placeholders are `$1`, `$2`, …; a client with others rewrites them.
 *
 * Give `checkpoint` the client of the application's own transaction, and the payment's state is durable exactly when
 * its row is.
 */
export interface Sql {
  /** Runs a statement, and gives how many rows it changed. */
  execute(statement: string, values: readonly unknown[]): Promise<number>;
  /** Runs a query, and gives its rows as objects. */
  select(query: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
}

/** What is kept of a payment between its initiation and its callback. */
export interface Checkpoint {
  paymentId: string;
  rail: string;
  status: PaymentStatus;
  /** W3C traceparent of the initiation's span. */
  traceparent: string | null;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** ISO 4217 code; null when the payment has no amount yet. */
  currency: string | null;
  /** Whole minor units as text. */
  amountMinor: string | null;
  /** On whose behalf it began; the provider's callback does not say. */
  tenantId: string | null;
  tenantTier: string | null;
}

/** The provider's names for a payment, by kind: `{ CheckoutRequestID: "ws_CO_…" }`. */
export type References = Readonly<Record<string, string>>;

/** The tables, for a migration tool; `if not exists`, so that running it again changes nothing. */
export const CHECKPOINT_SCHEMA = `
create table if not exists finance_payment_checkpoints (
  payment_id varchar(200) primary key,
  rail varchar(200) not null,
  status varchar(40) not null,
  traceparent varchar(55),
  started_at bigint not null,
  currency varchar(3),
  amount_minor varchar(40),
  tenant_id varchar(200),
  tenant_tier varchar(40),
  updated_at bigint not null
);
create table if not exists finance_payment_references (
  kind varchar(100) not null,
  value varchar(200) not null,
  payment_id varchar(200) not null references finance_payment_checkpoints (payment_id),
  primary key (kind, value)
)`;

const COLUMNS = `payment_id as "paymentId", rail, status, traceparent, started_at as "startedAt", currency,
  amount_minor as "amountMinor", tenant_id as "tenantId", tenant_tier as "tenantTier"`;

/** Keeps a new payment, or the new state of one that is kept; false when another one was first to change its state. */
export async function saveCheckpoint(
  sql: Sql,
  row: Checkpoint,
  { previous, references }: { previous: PaymentStatus | undefined; references: References },
): Promise<boolean> {
  const { paymentId, rail, status, traceparent, startedAt } = row;
  const now = Date.now();
  let changed: number;
  if (previous === undefined) {
    changed = await sql.execute(
      `insert into finance_payment_checkpoints
         (payment_id, rail, status, traceparent, started_at, currency, amount_minor, tenant_id, tenant_tier, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
      [
        paymentId,
        rail,
        status,
        traceparent,
        startedAt,
        row.currency,
        row.amountMinor,
        row.tenantId,
        row.tenantTier,
        now,
      ],
    );
  } else {
    // The condition makes the first of callback, duplicate and query win.
    changed = await sql.execute(
      `update finance_payment_checkpoints set status = $2, updated_at = $3 where payment_id = $1 and status = $4`,
      [paymentId, status, now, previous],
    );
  }
  if (changed === 0) return false;
  for (const [kind, value] of Object.entries(references)) {
    await sql.execute(
      `insert into finance_payment_references (kind, value, payment_id) values ($1, $2, $3) on conflict do nothing`,
      [kind, value, paymentId],
    );
  }
  return true;
}

/** Finds a payment by its id (`by` is `"id"`) or by a provider's name for it. */
export async function findCheckpoint(
  sql: Sql,
  { by, value }: { by: string; value: string },
): Promise<Checkpoint | undefined> {
  const [row] =
    by === "id"
      ? await sql.select(
          `select ${COLUMNS} from finance_payment_checkpoints where payment_id = $1`,
          [value],
        )
      : await sql.select(
          `select ${COLUMNS} from finance_payment_checkpoints where payment_id =
             (select payment_id from finance_payment_references where kind = $1 and value = $2)`,
          [by, value],
        );
  if (row === undefined) return undefined;
  // Drivers give a bigint as text, as a number or as a bigint.
  return { ...row, startedAt: Number(row["startedAt"]) } as Checkpoint;
}
