import { createHmac, randomUUID } from "node:crypto";
import { SpanStatusCode, type Span } from "@opentelemetry/api";
import {
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_MPESA_CHECKOUT_REQUEST_ID,
  ATTR_MPESA_MERCHANT_REQUEST_ID,
  ATTR_MPESA_RECEIPT_NUMBER,
  ATTR_MPESA_RESULT_CODE,
  EVENT_FINANCE_CALLBACK_DUPLICATE,
  FINANCE_FAILURE_DOMAIN_VALUE_PLATFORM,
  FINANCE_OUTCOME_VALUE_FAILED,
  FINANCE_PAYMENT_STATUS_VALUE_CREATED,
  FINANCE_PAYMENT_STATUS_VALUE_PROCESSING,
  FINANCE_PAYMENT_STATUS_VALUE_UNKNOWN,
  FINANCE_PROVIDER_CALLBACK_TYPE_VALUE_DUPLICATE,
  FINANCE_PROVIDER_CALLBACK_TYPE_VALUE_RESULT,
  FINANCE_PROVIDER_CALLBACK_TYPE_VALUE_UNMATCHED,
  type Money,
} from "@assay/semconv";
import type { DarajaClient } from "./daraja-client.ts";
import { wholeShillings } from "./money.ts";
import { keyReused, PaymentError } from "./payment-error.ts";
import type { Payment, PaymentStore } from "./payment-store.ts";
import {
  countCallback,
  countFinal,
  isOurProblem,
  linksTo,
  paymentAttributes,
  statusChanged,
  traceparentOf,
  tracer,
} from "./payment-telemetry.ts";
import { stkPushOutcome, type Outcome } from "./result-codes.ts";

export interface Collection {
  phone: string;
  amount: Money;
  reference: string;
  idempotencyKey: string;
}

/** What a callback or a query says about a push. */
export interface StkResult {
  checkoutRequestId: string;
  resultCode: string;
  receipt?: string | undefined;
}

export interface Payments {
  /** Asks a customer for money, once per idempotency key. */
  initiate(collection: Collection): Promise<{ payment: Payment; isNew: boolean }>;
  /** Takes a callback, however often it comes. */
  callback(result: StkResult): Promise<void>;
  /** Asks Daraja about payments whose callback is overdue; tells how many it settled. */
  reconcile(olderThanMs: number): Promise<{ asked: number; settled: number }>;
}

export interface PaymentsOptions {
  store: PaymentStore;
  daraja: DarajaClient;
  /** Where Daraja sends the result; asked at each push, as the port is known late. */
  callbackUrl: () => string;
  /** Key of the customer's pseudonym; a phone number has too few values for a plain hash. */
  customerKey: string;
}

/** Collections by M-Pesa STK push, from the request to the final outcome. */
export function createPayments({
  store,
  daraja,
  callbackUrl,
  customerKey,
}: PaymentsOptions): Payments {
  async function initiate({ phone, amount, reference, idempotencyKey }: Collection) {
    const shillings = wholeShillings(amount);
    const customer = createHmac("sha256", customerKey).update(phone).digest("base64url");
    const draft = {
      id: `pay_${randomUUID()}`,
      amountMinor: amount.minor,
      currency: amount.currency,
      status: FINANCE_PAYMENT_STATUS_VALUE_CREATED,
    };
    const attributes = paymentAttributes(draft, "stk_push");
    return await tracer.startActiveSpan("initiate collection", { attributes }, async (span) => {
      try {
        const wanted = { ...draft, customer, reference, idempotencyKey };
        const created = await store.create({ ...wanted, traceparent: traceparentOf(span) });
        if (!created.isNew) {
          span.addLinks(linksTo(created.payment.traceparent));
          span.setAttribute(ATTR_FINANCE_PAYMENT_ID, created.payment.id);
          span.setAttribute(ATTR_FINANCE_PAYMENT_STATUS, created.payment.status);
          if (!isSame(created.payment, wanted)) throw keyReused();
          return created;
        }
        const acknowledged = await daraja.stkPush({
          phone,
          shillings,
          reference,
          callbackUrl: callbackUrl(),
        });
        span.setAttribute(ATTR_MPESA_CHECKOUT_REQUEST_ID, acknowledged.checkoutRequestId);
        span.setAttribute(ATTR_MPESA_MERCHANT_REQUEST_ID, acknowledged.merchantRequestId);
        const payment = await store.accepted(draft.id, acknowledged.checkoutRequestId);
        statusChanged(span, draft.id, FINANCE_PAYMENT_STATUS_VALUE_PROCESSING);
        return { payment, isNew: true };
      } catch (error) {
        await initiationFailed(span, draft.id, error);
        throw error;
      } finally {
        span.end();
      }
    });
  }

  async function initiationFailed(span: Span, id: string, error: unknown): Promise<void> {
    if (error instanceof PaymentError && error.statusCode < 500) return;
    const outcome = (error instanceof PaymentError ? error.outcome : undefined) ?? {
      outcome: FINANCE_OUTCOME_VALUE_FAILED,
      domain: FINANCE_FAILURE_DOMAIN_VALUE_PLATFORM,
    };
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
    setOutcome(span, outcome, error instanceof PaymentError ? error.providerCode : undefined);
    // Not from Daraja, so from the database: what became of the payment is unknown, and the row says the rest.
    if (!(error instanceof PaymentError)) return;
    error.paymentId = id;
    const settled = await store.abandoned(id, {
      status: outcome.outcome,
      failureDomain: outcome.domain ?? null,
      resultCode: null,
      receipt: null,
    });
    statusChanged(span, id, outcome.outcome);
    countFinal(settled, outcome);
  }

  async function callback(result: StkResult): Promise<void> {
    const payment = await store.findByCheckout(result.checkoutRequestId);
    if (payment === undefined) {
      // Too early or not ours. If it is ours, reconcile finds it.
      countCallback(FINANCE_PROVIDER_CALLBACK_TYPE_VALUE_UNMATCHED);
      return;
    }
    await settleSpan(payment, "stk_push", async (span) => {
      const isFirst = await settle(span, payment, result);
      const type = isFirst
        ? FINANCE_PROVIDER_CALLBACK_TYPE_VALUE_RESULT
        : FINANCE_PROVIDER_CALLBACK_TYPE_VALUE_DUPLICATE;
      span.setAttribute(ATTR_FINANCE_PROVIDER_CALLBACK_TYPE, type);
      countCallback(type);
      if (isFirst) return;
      span.addEvent(EVENT_FINANCE_CALLBACK_DUPLICATE, {
        [ATTR_FINANCE_PAYMENT_ID]: payment.id,
        [ATTR_FINANCE_PROVIDER_NAME]: "safaricom",
      });
    });
  }

  async function reconcile(olderThanMs: number): Promise<{ asked: number; settled: number }> {
    const overdue = await store.overdue(olderThanMs);
    let settled = 0;
    for (const payment of overdue) {
      try {
        if (await settleByQuery(payment)) settled += 1;
      } catch (error) {
        // Recorded on its span; the other payments must not wait for this one.
        console.error(`reconcile: ${payment.id}: ${messageOf(error)}`);
      }
    }
    return { asked: overdue.length, settled };
  }

  async function settleByQuery(payment: Payment): Promise<boolean> {
    const { id, checkoutRequestId } = payment;
    if (checkoutRequestId === null) return false;
    return await settleSpan(payment, "stk_push_query", async (span) => {
      if (await store.markUnknown(id)) {
        statusChanged(span, id, FINANCE_PAYMENT_STATUS_VALUE_UNKNOWN);
      }
      const resultCode = await daraja.stkQuery(checkoutRequestId);
      if (resultCode === undefined) return false;
      return await settle(span, payment, { checkoutRequestId, resultCode });
    });
  }

  /** Makes the payment final if it is not yet; false when somebody else was first. */
  async function settle(span: Span, payment: Payment, result: StkResult): Promise<boolean> {
    const outcome = stkPushOutcome(result.resultCode);
    const settled = await store.settle(result.checkoutRequestId, {
      status: outcome.outcome,
      failureDomain: outcome.domain ?? null,
      resultCode: result.resultCode,
      receipt: result.receipt ?? null,
    });
    span.setAttribute(ATTR_MPESA_RESULT_CODE, result.resultCode);
    setOutcome(span, outcome, result.resultCode);
    if (result.receipt !== undefined) span.setAttribute(ATTR_MPESA_RECEIPT_NUMBER, result.receipt);
    if (settled === undefined) return false;
    statusChanged(span, payment.id, outcome.outcome, result.resultCode);
    if (isOurProblem(outcome)) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: `result code ${result.resultCode}` });
    }
    countFinal(settled, outcome);
    return true;
  }

  return { initiate, callback, reconcile };
}

/** The span of a decision: in the trace of whoever brought it, with a link to the initiation. */
async function settleSpan<T>(
  payment: Payment,
  operation: "stk_push" | "stk_push_query",
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const options = {
    attributes: paymentAttributes(payment, operation),
    links: linksTo(payment.traceparent),
  };
  return await tracer.startActiveSpan("settle collection", options, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

function setOutcome(span: Span, { outcome, domain }: Outcome, code: string | undefined): void {
  span.setAttribute(ATTR_FINANCE_OUTCOME, outcome);
  if (domain === undefined) return;
  span.setAttribute(ATTR_FINANCE_FAILURE_DOMAIN, domain);
  if (code !== undefined) span.setAttribute(ATTR_FINANCE_FAILURE_CODE, code);
}

function isSame(stored: Payment, wanted: Pick<Payment, "amountMinor" | "customer" | "reference">) {
  return (
    stored.amountMinor === wanted.amountMinor &&
    stored.customer === wanted.customer &&
    stored.reference === wanted.reference
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
