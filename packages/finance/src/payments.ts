import { diag, type Span, trace } from "@opentelemetry/api";
import {
  ATTR_FINANCE_OPERATION_CATEGORY,
  ATTR_FINANCE_OPERATION_NAME,
  type FinanceAttributes,
  type Money,
} from "@assay/semconv";
import { blameSpan, messageOf } from "./blame.ts";
import { createCallbacks, NO_CALLBACKS } from "./callbacks.ts";
import { type Checkpoint, findCheckpoint, type Sql } from "./checkpoint.ts";
import { type Draft, describe, resumed } from "./draft.ts";
import { createFailureCatalogue, type FailureCatalogue } from "./failure-catalogue.ts";
import { isMeterNoop, SCOPE } from "./instruments.ts";
import { operation as runOperation } from "./operation.ts";
import { beginBreaches, startClock } from "./operation-clock.ts";
import { type Payment, UnderWay } from "./payment.ts";
import { createPaymentMetrics } from "./payment-metrics.ts";
import { inUnitOfWork, recordUnitOfWork } from "./payment-record.ts";
import { type Rail, railOf } from "./rail.ts";
import { giveBack, type Refund } from "./refund.ts";
import { currentTenant, type Tenant, withTenant } from "./tenant.ts";
import type { TenantBuckets } from "./tenant-buckets.ts";
import type { OperationCategory, ThresholdOptions } from "./thresholds.ts";
import { failureOf } from "./thrown.ts";
import { linksTo, traceparentOf } from "./traceparent.ts";
import { isFinal } from "./transitions.ts";
import { currentUser, setUser } from "./user.ts";

export interface PaymentsOptions<Name extends string> {
  rails: Readonly<Record<Name, Rail>>;
  /** How long operations may take; the registry's limits when absent. */
  thresholds?: ThresholdOptions;
  /** What providers' codes mean; the package's own catalogue when absent. */
  failureCatalogue?: FailureCatalogue;
  /** Where `resume` finds payments, and keeps the state that its work has not kept itself. */
  sql?: Sql;
  /** Makes payments and their money countable by tenant; off when absent. */
  tenants?: TenantBuckets;
}

/** A payment that is about to begin. */
export interface Initiation<Name extends string> {
  /** Operation of the application, bounded: "collect". */
  operation: string;
  rail: Name;
  paymentId: string;
  amount?: Money;
  category?: OperationCategory;
  /** Refuses to begin outside `withUser`: an error, and a security event. No payment is counted. */
  requireUser?: boolean;
  attributes?: FinanceAttributes;
}

/** By which of the provider's names, or by `id`, a payment is found. */
export interface Finding<Name extends string> {
  by: string;
  value: string;
  /** Whose callback it is, for the count of those that match no payment; needed with several providers only. */
  rail?: Name;
  /** True when the provider was asked, as a reconciliation does: its answer is not counted as a callback. */
  isQuery?: boolean;
}

/** What became of a callback. */
export type Resumed<T> =
  | { status: "resumed"; value: T }
  /** The payment has had its outcome before, or another callback was first: nothing is counted twice. */
  | { status: "duplicate"; value?: T }
  /** No payment is known by that name: too early, or not ours. */
  | { status: "unmatched" };

/** Payments on the rails of an application. */
export interface Payments<Name extends string> {
  /**
   * Begins a payment, in a span of its own. Gives what `work` gives, and rejects as it does, unchanged.
   *
   * An error that `work` throws without a word about the outcome means `unknown` when the request may have arrived at
   * the provider, else failed. All that is known of it is one record, to which `wide.set` adds: that of the operation
   * around it, or its own.
   */
  run<T>(initiation: Initiation<Name>, work: (payment: Payment) => Promise<T>): Promise<T>;
  /**
   * Goes on with a payment that `checkpoint` kept, in the trace of whoever calls, with a link to the initiation.
   *
   * `callback` is handed to `work` and never recorded. `work` is not called for a payment that has its outcome.
   */
  resume<Callback, T>(
    finding: Finding<Name>,
    callback: Callback,
    work: (payment: Payment, callback: Callback) => Promise<T>,
  ): Promise<Resumed<T>>;
  /**
   * Goes on with a payment that has had its outcome, as `resume` does with one that waits for it: a dispute, a reversal,
   * a refund of the whole. It is not counted again.
   */
  amend<Callback, T>(
    finding: Finding<Name>,
    callback: Callback,
    work: (payment: Payment, callback: Callback) => Promise<T>,
  ): Promise<Resumed<T>>;
  /**
   * Gives money of a completed payment back, in a span of its own. Gives what `work` gives, and rejects as it does.
   *
   * It is counted apart from what came in, and only when `work` has succeeded; a part of the amount is a refund too.
   */
  refund<T>(refund: Refund<Name>, work: (span: Span) => Promise<T>): Promise<T>;
}

/**
 * Makes the payments of an application: their spans, states, outcomes and counts.
 *
 * Does nothing but run the work when there is no SDK.
 *
 * @example
 * const payments = createPayments({ rails: { mpesa: { provider: "safaricom", api: "stk_push", method: "mobile_money", type: "collection", currencies: ["KES"] } }, sql });
 * await payments.run({ operation: "collect", rail: "mpesa", paymentId, amount: money("KES", 150_000n) }, async (payment) => {
 *   const { CheckoutRequestID } = await daraja.stkPush(…);
 *   payment.transition("processing");
 *   await payment.checkpoint(transaction, { CheckoutRequestID });
 * });
 */
export function createPayments<const Name extends string>({
  rails,
  thresholds = {},
  failureCatalogue = createFailureCatalogue(),
  sql,
  tenants,
}: PaymentsOptions<Name>): Payments<Name> {
  const metrics = isMeterNoop()
    ? undefined
    : createPaymentMetrics(rails, failureCatalogue, tenants);
  beginBreaches(thresholds);
  const callbacks = createCallbacks(metrics?.callbacks, rails);
  const tracer = trace.getTracer(SCOPE);

  // Makes the state durable where it has changed; false when another one was first.
  const isKept = (payment: UnderWay): true | Promise<boolean> =>
    !payment.isUnsaved() || sql === undefined ? true : payment.checkpoint(sql);

  // `settled` is told whether this one was the first to change the payment's state, while the span is open.
  async function within<T>(
    draft: Draft,
    work: (payment: Payment) => Promise<T>,
    settled?: (payment: UnderWay, isFirst: boolean) => void,
  ): Promise<T> {
    const payment = new UnderWay(draft, metrics, failureCatalogue);
    try {
      const value = await inUnitOfWork(draft, work, payment);
      const isFirst = !payment.isLost() && (await isKept(payment));
      if (isFirst) {
        payment.count();
        const reason = payment.reason();
        if (reason !== undefined) blameSpan(draft.span, reason);
      }
      settled?.(payment, isFirst);
      return value;
    } catch (error) {
      if (!payment.isLost()) await blame(payment, draft, error);
      settled?.(payment, !payment.isLost());
      throw error;
    } finally {
      payment.describeEnding();
      if (draft.span.isRecording())
        recordUnitOfWork(draft, payment.ended().outcome === "completed");
      draft.span.end();
    }
  }

  async function blame(payment: UnderWay, draft: Draft, error: unknown): Promise<void> {
    if (!payment.hasEnded()) payment.fail(failureOf(error));
    // What the work wrote may be rolled back with it; the callback comes again, or a query finds out.
    const isRolledBack = payment.status === "completed" && draft.saved !== undefined;
    try {
      if (!isRolledBack && (await isKept(payment))) payment.count();
    } catch (reason) {
      diag.warn(`the state of payment ${payment.id} could not be kept: ${messageOf(reason)}`);
    }
    // A request may time out whose callback has come: then it is known how the payment ended. And what is up to the
    // customer is no error of ours, whatever the work throws to say so.
    const isNone = payment.isLost() || payment.ended().domain === "customer";
    if (!isNone) blameSpan(draft.span, error);
  }

  async function goOn<Callback, T>(
    finding: Finding<Name>,
    callback: Callback,
    work: (payment: Payment, callback: Callback) => Promise<T>,
    isTaken: (kept: Checkpoint) => boolean,
  ): Promise<Resumed<T>> {
    if (sql === undefined) {
      throw new TypeError(
        "resume has no database to find the payment in; give createPayments an `sql`",
      );
    }
    const counted = finding.isQuery === true ? NO_CALLBACKS : callbacks;
    const kept = await findCheckpoint(sql, finding);
    const rail = kept === undefined ? undefined : rails[kept.rail as Name];
    if (kept === undefined || rail === undefined) {
      counted.unmatched(finding.rail);
      return { status: "unmatched" };
    }
    const span = tracer.startSpan(`settle ${rail.type}`, { links: linksTo(kept.traceparent) });
    const draft = resumed(kept, rail, span);
    if (span.isRecording()) describe(draft);
    if (!isTaken(kept)) {
      counted.duplicate(draft);
      span.end();
      return { status: "duplicate" };
    }
    let isFirst = true;
    const value = await within(
      draft,
      (payment) => onBehalf(draft.tenant, () => work(payment, callback)),
      (_payment, wasFirst) => {
        isFirst = wasFirst;
        if (wasFirst) counted.result(draft);
        else counted.duplicate(draft);
      },
    );
    return isFirst ? { status: "resumed", value } : { status: "duplicate", value };
  }

  return {
    run(initiation, work) {
      const { operation, rail: railName, paymentId, amount, attributes } = initiation;
      const { category = "other", requireUser = false } = initiation;
      if (requireUser && currentUser() === undefined) return refused(operation, category);
      const rail = railOf(rails, railName);
      const span = tracer.startSpan(`initiate ${rail.type}`);
      const draft: Draft = {
        id: paymentId,
        rail,
        railName,
        status: "created",
        saved: undefined,
        span,
        traceparent: traceparentOf(span),
        startedAt: Date.now(),
        amount,
        tenant: currentTenant(),
        known: {
          [ATTR_FINANCE_OPERATION_NAME]: operation,
          [ATTR_FINANCE_OPERATION_CATEGORY]: category,
          ...attributes,
        },
      };
      if (span.isRecording()) {
        span.setAttributes(draft.known);
        describe(draft);
        const user = currentUser();
        if (user !== undefined) setUser(span, user);
      }
      if (metrics === undefined) return within(draft, work);
      const stopClock = startClock(operation, category, span, thresholds);
      return within(draft, work, (payment) => stopClock(payment.ended()));
    },

    resume: (finding, callback, work) =>
      goOn(finding, callback, work, ({ status }) => !isFinal(status)),
    amend: (finding, callback, work) => goOn(finding, callback, work, () => true),
    refund: (refund, work) => giveBack(refund, railOf(rails, refund.rail), metrics?.refunds, work),
  };
}

// As an operation is refused; it throws before its work.
async function refused(name: string, category: OperationCategory): Promise<never> {
  return runOperation<never>({ name, category, requireUser: true }, () => {
    throw new TypeError("an operation that needs a user has run without one");
  });
}

function onBehalf<T>(tenant: Tenant | undefined, work: () => T): T {
  return tenant === undefined ? work() : withTenant(tenant, work);
}
