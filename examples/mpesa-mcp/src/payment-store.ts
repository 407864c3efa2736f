import { currentTenant, type Payment, type Sql } from "@assay/finance";
import type { Database } from "./database.ts";

/** A payment as the database has it. The phone number is not in it, only a keyed pseudonym. */
export interface PaymentRow {
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
  createdAt: Date;
  updatedAt: Date;
}

export type NewPayment = Pick<
  PaymentRow,
  "id" | "idempotencyKey" | "customer" | "amountMinor" | "currency" | "reference"
>;

/** What a row learns beside its status; what is left out stays as it is. */
export type Learned = Partial<
  Pick<PaymentRow, "checkoutRequestId" | "resultCode" | "failureDomain" | "receipt">
>;

/** The payments of the current tenant. */
export interface PaymentStore {
  /** Inserts a payment and keeps its state; gives the one that already has its idempotency key, if there is one. */
  create(wanted: NewPayment, payment: Payment): Promise<{ row: PaymentRow; isNew: boolean }>;
  /** Keeps a payment's new state, and writes it into its row; gives the row as it then is. */
  save(payment: Payment, learned?: Learned): Promise<PaymentRow>;
  find(id: string): Promise<PaymentRow | undefined>;
  findByKey(idempotencyKey: string): Promise<PaymentRow | undefined>;
  /** The newest first. */
  list(limit: number): Promise<PaymentRow[]>;
}

const COLUMNS = `id, idempotency_key as "idempotencyKey", customer, amount_minor as "amountMinor",
  currency, reference, status, checkout_request_id as "checkoutRequestId",
  result_code as "resultCode", failure_domain as "failureDomain", receipt,
  created_at as "createdAt", updated_at as "updatedAt"`;

/** Payments in PostgreSQL. A payment's row and what @assay/finance keeps of it change in one transaction. */
export function paymentStore(database: Database): PaymentStore {
  return {
    create: (wanted, payment) =>
      database.asTenant(async (transaction) => {
        const [row] = await transaction.select(
          `insert into payments (id, tenant_id, idempotency_key, customer, amount_minor, currency, reference)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (tenant_id, idempotency_key) do nothing returning ${COLUMNS}`,
          [
            wanted.id,
            currentTenant()?.id,
            wanted.idempotencyKey,
            wanted.customer,
            wanted.amountMinor.toString(),
            wanted.currency,
            wanted.reference,
          ],
        );
        if (row === undefined) {
          const known = await findBy(transaction, "idempotency_key", wanted.idempotencyKey);
          return { row: known!, isNew: false };
        }
        await payment.checkpoint(transaction);
        return { row: rowOf(row), isNew: true };
      }),
    save: (payment, { checkoutRequestId, resultCode, failureDomain, receipt } = {}) =>
      database.asTenant(async (transaction) => {
        // The first of acknowledgement, callback, duplicate and query wins; the others find what it wrote.
        if (!(await payment.checkpoint(transaction))) {
          return (await findBy(transaction, "id", payment.id))!;
        }
        const [row] = await transaction.select(
          `update payments set status = $2, checkout_request_id = coalesce($3, checkout_request_id),
             result_code = coalesce($4, result_code), failure_domain = $5,
             receipt = coalesce($6, receipt), updated_at = clock_timestamp()
           where id = $1 returning ${COLUMNS}`,
          [payment.id, payment.status, checkoutRequestId, resultCode, failureDomain, receipt],
        );
        return rowOf(row!);
      }),
    find: (id) => findBy(database.sql, "id", id),
    findByKey: (idempotencyKey) => findBy(database.sql, "idempotency_key", idempotencyKey),
    async list(limit) {
      const query = `select ${COLUMNS} from payments order by created_at desc limit $1`;
      return (await database.sql.select(query, [limit])).map(rowOf);
    },
  };
}

async function findBy(
  sql: Sql,
  column: "id" | "idempotency_key",
  value: string,
): Promise<PaymentRow | undefined> {
  const query = `select ${COLUMNS} from payments where ${column} = $1`;
  const [row] = await sql.select(query, [value]);
  return row && rowOf(row);
}

// The driver gives a bigint as text.
function rowOf(row: Record<string, unknown>): PaymentRow {
  return { ...row, amountMinor: BigInt(row.amountMinor as string) } as PaymentRow;
}
