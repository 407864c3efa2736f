import { CHECKPOINT_SCHEMA, type Sql } from "@assay/finance";
import type { Money } from "@assay/semconv";
import { Pool, type PoolClient } from "pg";
import { rails } from "./rails.ts";
import type { Order } from "./script.ts";

/**
 * The service's own tables, beside those of payments' states. `history` is written by the database alone, so it is what
 * states there were, whoever changed them.
 */
const SCHEMA = `${CHECKPOINT_SCHEMA};
create table if not exists orders (
  number int primary key, payment_id text not null unique, rail text not null, customer text not null,
  phone text not null
);
create table if not exists ledger (
  payment_id text primary key, outcome text not null, domain text, currency text not null, amount_minor bigint not null
);
create table if not exists refunds (payment_id text not null, currency text not null, amount_minor bigint not null);
create table if not exists callbacks (provider text not null, kind text not null);
create table if not exists refusals (payment_id text not null);
create table if not exists history (payment_id text not null, rail text not null, status text not null);
create or replace function remember() returns trigger language plpgsql as $$
begin insert into history values (new.payment_id, new.rail, new.status); return new; end $$;
create or replace trigger remember after insert or update on finance_payment_checkpoints
  for each row execute function remember()`;

/** What waits for its outcome. */
export const OPEN = `status in ('created', 'requires_action', 'processing', 'authorized', 'captured', 'settled', 'unknown')`;

/** The provider of a rail, as metrics have it. */
export const PROVIDER = `(case rail ${Object.entries(rails)
  .map(([name, { provider }]) => `when '${name}' then '${provider}'`)
  .join(" ")} end)`;

export type Client = Pool | PoolClient;

/** Opens the database, and makes its tables. A process ends without closing it: what is open then is still asked for. */
export async function openLedger(url: string): Promise<Pool> {
  const pool = new Pool({ connectionString: url, max: 16, allowExitOnIdle: true });
  await pool.query(SCHEMA);
  return pool;
}

/** A client of PostgreSQL as @assay/finance wants it. */
export function sqlOf(client: Client): Sql {
  return {
    execute: async (text, values) => (await client.query(text, [...values])).rowCount ?? 0,
    select: async (text, values) =>
      (await client.query<Record<string, unknown>>(text, [...values])).rows,
  };
}

export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const value = await work(client);
    await client.query("commit");
    return value;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

export async function bookOrder(client: Client, order: Order): Promise<void> {
  const { number, paymentId, rail, customer, phone } = order;
  await client.query("insert into orders values ($1, $2, $3, $4, $5)", [
    number,
    paymentId,
    rail,
    customer,
    phone,
  ]);
}

/** Books how a payment ended; a second time is an error of the database. */
export async function bookOutcome(
  client: Client,
  { paymentId, amount }: Order,
  [outcome, domain]: readonly [outcome: string, domain: string | null],
): Promise<void> {
  await client.query("insert into ledger values ($1, $2, $3, $4, $5)", [
    paymentId,
    outcome,
    domain,
    amount.currency,
    amount.minor.toString(),
  ]);
}

/** Books a part of a payment that was given back. */
export async function bookRefund(client: Client, paymentId: string, part: Money): Promise<void> {
  const { currency, minor } = part;
  await client.query("insert into refunds values ($1, $2, $3)", [
    paymentId,
    currency,
    minor.toString(),
  ]);
}

/** The rows of a query of two columns, as name to number. */
export async function totals(pool: Pool, query: string): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ name: string; value: string }>(query);
  return Object.fromEntries(rows.map(({ name, value }) => [name, Number(value)]));
}
