import type { Pool } from "pg";

/** A payment as the database has it. The phone number is not in it, only a keyed pseudonym. */
export interface Payment {
  id: string;
  idempotencyKey: string;
  customer: string;
  amountMinor: bigint;
  currency: string;
  reference: string;
  status: string;
  checkoutRequestId: string | null;
  resultCode: string | null;
  failureDomain: string | null;
  receipt: string | null;
  /** W3C traceparent of the span that initiated it; callbacks link to it. */
  traceparent: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface Settlement {
  status: string;
  failureDomain: string | null;
  resultCode: string | null;
  receipt: string | null;
}

export interface PaymentStore {
  /** Inserts a payment, or returns the one that already has its idempotency key. */
  create(payment: NewPayment): Promise<{ payment: Payment; isNew: boolean }>;
  accepted(id: string, checkoutRequestId: string): Promise<Payment>;
  /** Ends a payment that never reached the customer. */
  abandoned(id: string, settlement: Settlement): Promise<Settled>;
  /** Ends a payment once: a second call for the same payment returns undefined. */
  settle(checkoutRequestId: string, settlement: Settlement): Promise<Settled | undefined>;
  markUnknown(id: string): Promise<boolean>;
  find(id: string): Promise<Payment | undefined>;
  findByCheckout(checkoutRequestId: string): Promise<Payment | undefined>;
  /** Payments that wait for a callback for longer than `olderThanMs`, oldest first, at most 50. */
  overdue(olderThanMs: number): Promise<Payment[]>;
}

export type NewPayment = Pick<
  Payment,
  "id" | "idempotencyKey" | "customer" | "amountMinor" | "currency" | "reference" | "traceparent"
>;

/** A payment that has just become final, and how long it took by the database's clock. */
export interface Settled {
  payment: Payment;
  seconds: number;
}

const schema = `
  create table if not exists payments (
    id text primary key,
    idempotency_key text not null unique,
    customer text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency char(3) not null,
    reference text not null,
    status text not null default 'created',
    checkout_request_id text unique,
    result_code text,
    failure_domain text,
    receipt text,
    traceparent text,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp()
  )`;

const columns = `id, idempotency_key as "idempotencyKey", customer, amount_minor as "amountMinor",
  currency, reference, status, checkout_request_id as "checkoutRequestId",
  result_code as "resultCode", failure_domain as "failureDomain", receipt, traceparent,
  created_at as "createdAt", updated_at as "updatedAt"`;

const settled = `${columns}, extract(epoch from updated_at - created_at)::float8 as seconds`;

type Row = Omit<Payment, "amountMinor"> & { amountMinor: string; seconds?: number };

/** Payments in PostgreSQL; creates its table when there is none. */
export async function paymentStore(pool: Pool): Promise<PaymentStore> {
  await pool.query(schema);

  async function rows(sql: string, values: unknown[]): Promise<Row[]> {
    return (await pool.query<Row>(sql, values)).rows;
  }

  async function one(sql: string, values: unknown[]): Promise<Payment | undefined> {
    const [row] = await rows(sql, values);
    return row && paymentOf(row);
  }

  return {
    async create(payment) {
      const created = await one(
        `insert into payments
           (id, idempotency_key, customer, amount_minor, currency, reference, traceparent)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (idempotency_key) do nothing returning ${columns}`,
        [
          payment.id,
          payment.idempotencyKey,
          payment.customer,
          payment.amountMinor.toString(),
          payment.currency,
          payment.reference,
          payment.traceparent,
        ],
      );
      if (created !== undefined) return { payment: created, isNew: true };
      const existing = await one(`select ${columns} from payments where idempotency_key = $1`, [
        payment.idempotencyKey,
      ]);
      return { payment: existing!, isNew: false };
    },
    async accepted(id, checkoutRequestId) {
      const payment = await one(
        `update payments set status = 'processing', checkout_request_id = $2,
           updated_at = clock_timestamp()
         where id = $1 returning ${columns}`,
        [id, checkoutRequestId],
      );
      return payment!;
    },
    async abandoned(id, { status, failureDomain, resultCode, receipt }) {
      const [row] = await rows(
        `update payments set status = $2, failure_domain = $3, result_code = $4, receipt = $5,
           updated_at = clock_timestamp()
         where id = $1 returning ${settled}`,
        [id, status, failureDomain, resultCode, receipt],
      );
      return settledOf(row!);
    },
    async settle(checkoutRequestId, { status, failureDomain, resultCode, receipt }) {
      // The condition on the status makes the first of callback, duplicate and query win.
      const [row] = await rows(
        `update payments set status = $2, failure_domain = $3, result_code = $4, receipt = $5,
           updated_at = clock_timestamp()
         where checkout_request_id = $1 and status in ('processing', 'unknown')
         returning ${settled}`,
        [checkoutRequestId, status, failureDomain, resultCode, receipt],
      );
      return row && settledOf(row);
    },
    async markUnknown(id) {
      const { rowCount } = await pool.query(
        `update payments set status = 'unknown', updated_at = clock_timestamp()
         where id = $1 and status = 'processing'`,
        [id],
      );
      return rowCount === 1;
    },
    find: (id) => one(`select ${columns} from payments where id = $1`, [id]),
    findByCheckout: (id) =>
      one(`select ${columns} from payments where checkout_request_id = $1`, [id]),
    async overdue(olderThanMs) {
      const found = await rows(
        `select ${columns} from payments
         where status in ('processing', 'unknown') and checkout_request_id is not null
           and created_at < clock_timestamp() - $1 * interval '1 millisecond'
         order by created_at limit 50`,
        [olderThanMs],
      );
      return found.map(paymentOf);
    },
  };
}

function paymentOf(row: Row): Payment {
  const { seconds: _, ...payment } = row;
  return { ...payment, amountMinor: BigInt(row.amountMinor) };
}

function settledOf(row: Row): Settled {
  return { payment: paymentOf(row), seconds: row.seconds! };
}
