import type { PaymentStatus, Pending, QuotaUse, Tenant } from "@assay/finance";
import type { Pool } from "pg";
import { hashOf } from "./tenants.ts";

/** Whose payment it is, and Daraja's id for it once that is known. */
export interface Owned {
  tenant: Tenant;
  checkoutRequestId: string | null;
}

/** A payment that waits for its callback for too long. */
export interface Overdue {
  paymentId: string;
  checkoutRequestId: string;
  status: string;
  tenant: Tenant;
}

/** The five questions that are asked without a tenant; migrate.ts says why each is a function of the database. */
export interface AcrossTenants {
  tenantOfKey(apiKey: string): Promise<Tenant | undefined>;
  ownerOf(paymentId: string): Promise<Owned | undefined>;
  /** Oldest first, at most 50; of one tenant when `tenantId` is given. */
  overdue(olderThanMs: number, tenantId?: string): Promise<Overdue[]>;
  pending(): Promise<Pending[]>;
  /** Of each tenant, how many payments of this month's it has used. */
  quotas(): Promise<QuotaUse[]>;
}

export function acrossTenants(pool: Pool): AcrossTenants {
  return {
    async tenantOfKey(apiKey) {
      const query = "select id, tier from tenant_of_key($1)";
      return (await pool.query<Tenant>(query, [hashOf(apiKey)])).rows[0];
    },
    async ownerOf(paymentId) {
      const { rows } = await pool.query<Required<Tenant> & Pick<Owned, "checkoutRequestId">>(
        `select id, tier, checkout_request_id as "checkoutRequestId" from tenant_of_payment($1)`,
        [paymentId],
      );
      return rows.map(({ id, tier, checkoutRequestId }) => ({
        tenant: { id, tier },
        checkoutRequestId,
      }))[0];
    },
    async overdue(olderThanMs, tenantId) {
      const { rows } = await pool.query<Omit<Overdue, "tenant"> & Required<Tenant>>(
        `select payment_id as "paymentId", checkout_request_id as "checkoutRequestId", status, tenant_id as id, tier
         from overdue_payments($1 * interval '1 millisecond', $2)`,
        [olderThanMs, tenantId],
      );
      return rows.map(({ id, tier, ...overdue }) => ({ ...overdue, tenant: { id, tier } }));
    },
    async pending() {
      const { rows } = await pool.query<{
        rail: string;
        status: PaymentStatus;
        count: string;
        oldest: string;
      }>("select rail, status, count, oldest from pending_payments()");
      return rows.map(({ rail, status, count, oldest }) => ({
        rail,
        status,
        count: Number(count),
        oldestMs: Math.max(0, Date.now() - Number(oldest)),
      }));
    },
    async quotas() {
      const { rows } = await pool.query<{
        tenantId: string;
        tier: QuotaUse["tier"];
        used: string;
        limit: number;
      }>(`select tenant_id as "tenantId", tier, used, allowed as "limit" from payments_of_month()`);
      return rows.map((row) => ({ ...row, used: Number(row.used), quota: "payments_per_month" }));
    },
  };
}
