import { createHmac, randomUUID } from "node:crypto";
import {
  createFailureCatalogue,
  createPayments,
  currentTenant,
  type FailureGiven,
  type FailureTable,
  operation,
  type Payment,
  type Rail,
  securityEvent,
  type Sql,
  type TenantBuckets,
  wide,
  withTenant,
} from "@assay/finance";
import { type Daraja, DarajaError, settle, type StkResult } from "@assay/finance/daraja";
import {
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_MPESA_CHECKOUT_REQUEST_ID,
  ATTR_MPESA_MERCHANT_REQUEST_ID,
  type Money,
} from "@assay/semconv";
import type { AcrossTenants, Overdue } from "./across-tenants.ts";
import { keyReused, notTaken } from "./payment-error.ts";
import type { NewPayment, PaymentRow, PaymentStore } from "./payment-store.ts";

export interface Collection {
  phone: string;
  /** Whole shillings: M-Pesa has no cents. */
  amount: Money;
  reference: string;
  idempotencyKey: string;
}

export interface Collections {
  /** Asks a customer for money, once per idempotency key. */
  initiate(collection: Collection): Promise<{ row: PaymentRow; isNew: boolean }>;
  /** Takes a callback about a payment, however often and however early it comes. */
  callback(paymentId: string, result: StkResult): Promise<void>;
  /** Asks Daraja about payments whose callback is overdue: of the current tenant, or of all when there is none. */
  reconcile(olderThanMs: number): Promise<{ asked: number; settled: number }>;
}

export interface CollectionsOptions {
  store: PaymentStore;
  sql: Sql;
  across: AcrossTenants;
  daraja: Daraja;
  /** Which tenants have a label of their own on metrics. */
  tenants: TenantBuckets;
  /** Where Daraja sends the result; asked at each push, as the port is known late. */
  callbackUrl: (paymentId: string) => string;
  /** Key of the customer's pseudonym; a phone number has too few values for a plain hash. */
  customerKey: string;
}

const MPESA: Rail = {
  provider: "safaricom",
  api: "stk_push",
  method: "mobile_money",
  type: "collection",
  currencies: ["KES"],
};
export const RAILS = { mpesa: MPESA };

const CATEGORY = "payment_processing";

// Our own error after the push went out: the customer may pay all the same.
const UNSURE: FailureGiven = { outcome: "unknown", domain: "platform", retriable: false };
const NO_CALLBACK: FailureGiven = { code: "callback_overdue", message: "no callback in time" };
// What no result code of M-Pesa says.
const OWN_FAILURES: FailureTable = {
  [MPESA.provider]: {
    [MPESA.api]: {
      callback_overdue: { outcome: "unknown", domain: "provider", retriable: false },
    },
  },
};

/** Collections by M-Pesa STK push, from the request to the final outcome. */
export function createCollections({
  store,
  sql,
  across,
  daraja,
  tenants,
  callbackUrl,
  customerKey,
}: CollectionsOptions): Collections {
  const failureCatalogue = createFailureCatalogue(OWN_FAILURES);
  const payments = createPayments({ rails: RAILS, failureCatalogue, sql, tenants });

  async function initiate({ phone, amount, reference, idempotencyKey }: Collection) {
    const wanted: NewPayment = {
      id: `pay_${randomUUID()}`,
      idempotencyKey,
      customer: createHmac("sha256", customerKey).update(phone).digest("base64url"),
      amountMinor: amount.minor,
      currency: amount.currency,
      reference,
    };
    const known = await store.findByKey(idempotencyKey);
    if (known !== undefined) return { row: same(known, wanted), isNew: false };

    const { id } = wanted;
    const initiation = { operation: "collect", rail: "mpesa", paymentId: id, amount } as const;
    return await payments.run({ ...initiation, category: CATEGORY }, async (payment) => {
      // Kept before Daraja is asked: its callback may come before its acknowledgement.
      const { row, isNew } = await store.create(wanted, payment);
      if (!isNew) return { row: same(row, wanted), isNew };
      try {
        const { checkoutRequestId, merchantRequestId } = await daraja.stkPush({
          phone,
          amount,
          // Daraja takes twelve characters, and an invoice's number that is cut would be another invoice's.
          reference: id.slice(4, 12),
          callbackUrl: callbackUrl(id),
        });
        payment.transition("processing", {
          attributes: {
            [ATTR_MPESA_CHECKOUT_REQUEST_ID]: checkoutRequestId,
            [ATTR_MPESA_MERCHANT_REQUEST_ID]: merchantRequestId,
          },
        });
        return { row: await store.save(payment, { checkoutRequestId }), isNew };
      } catch (error) {
        const isDarajas = error instanceof DarajaError;
        await fail(payment, isDarajas ? error.failure : UNSURE);
        throw isDarajas ? notTaken(id, error) : error;
      }
    });
  }

  async function fail(payment: Payment, failure: FailureGiven): Promise<void> {
    payment.fail(failure);
    await store.save(payment, { failureDomain: domainOf(failure) });
  }

  function domainOf(failure: FailureGiven): string {
    if ("domain" in failure) return failure.domain;
    return failureCatalogue.find(MPESA.provider, MPESA.api, failure.code).domain;
  }

  async function callback(paymentId: string, result: StkResult): Promise<void> {
    const run = () =>
      operation({ name: "take_callback", category: CATEGORY }, () =>
        payments.resume({ by: "id", value: paymentId }, result, take),
      );
    const owned = await across.ownerOf(paymentId);
    if (owned === undefined) await run();
    else if ((owned.checkoutRequestId ?? result.checkoutRequestId) === result.checkoutRequestId) {
      await withTenant(owned.tenant, run);
    } else {
      const attributes = { [ATTR_FINANCE_PAYMENT_ID]: paymentId };
      securityEvent({ type: "forged_callback", severity: "high", action: "denied", attributes });
    }
  }

  async function reconcile(olderThanMs: number): Promise<{ asked: number; settled: number }> {
    const overdue = await across.overdue(olderThanMs, currentTenant()?.id);
    let settled = 0;
    for (const payment of overdue) {
      try {
        if (await withTenant(payment.tenant, () => settleByQuery(payment))) settled += 1;
      } catch (error) {
        // Recorded on its span; the other payments must not wait for this one.
        console.error(`reconcile: ${payment.paymentId}: ${String(error)}`);
      }
    }
    return { asked: overdue.length, settled };
  }

  function settleByQuery({ paymentId, checkoutRequestId, status }: Overdue): Promise<boolean> {
    return operation({ name: "ask_provider", category: CATEGORY }, async () => {
      const finding = { by: "id", value: paymentId, isQuery: true };
      if (status !== "unknown") {
        await payments.resume(finding, NO_CALLBACK, (payment, failure) => fail(payment, failure));
      }
      // Outside of the payment's span: a question that fails says nothing about the payment.
      const result = await daraja.stkQuery(checkoutRequestId);
      if (result === undefined) return false;
      return (await payments.resume(finding, result, take)).status === "resumed";
    });
  }

  /** Makes the payment final, unless somebody else was first. */
  async function take(payment: Payment, result: StkResult): Promise<void> {
    const { checkoutRequestId, code: resultCode, receipt = null, isCompleted, details } = result;
    settle(payment, result);
    const failureDomain = isCompleted ? null : domainOf({ code: resultCode });
    await store.save(payment, { checkoutRequestId, resultCode, receipt, failureDomain });
    // On the one record of the operation, with its outcome and how long it took.
    wide.set({
      ...details.attributes,
      [ATTR_FINANCE_PAYMENT_ID]: payment.id,
      [ATTR_FINANCE_PAYMENT_STATUS]: payment.status,
    });
  }

  return { initiate, callback, reconcile };
}

/** The payment that has the idempotency key; throws when the key was meant for another one. */
function same(stored: PaymentRow, wanted: NewPayment): PaymentRow {
  const isSame =
    stored.amountMinor === wanted.amountMinor &&
    stored.customer === wanted.customer &&
    stored.reference === wanted.reference;
  if (!isSame) throw keyReused();
  return stored;
}
