import {
  isSpanContextValid,
  metrics,
  logs,
  SeverityNumber,
  trace,
  TraceFlags,
  type Attributes,
  type Link,
  type Span,
  type Tracer,
} from "@opentelemetry/api";
import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_CURRENCY_EXPONENT,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_AMOUNT_MINOR,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PAYMENT_TYPE,
  ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_PROVIDER_OPERATION_NAME,
  ATTR_MPESA_CHECKOUT_REQUEST_ID,
  ATTR_MPESA_RESULT_CODE,
  BUCKETS_FINANCE_PAYMENT_DURATION,
  EVENT_FINANCE_PAYMENT_STATUS_CHANGED,
  FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER,
  FINANCE_OUTCOME_VALUE_COMPLETED,
  FINANCE_PAYMENT_METHOD_VALUE_MOBILE_MONEY,
  FINANCE_PAYMENT_TYPE_VALUE_COLLECTION,
  METRIC_FINANCE_PAYMENT_AMOUNT_MINOR,
  METRIC_FINANCE_PAYMENT_DURATION,
  METRIC_FINANCE_PAYMENT_TRANSACTIONS,
  METRIC_FINANCE_PROVIDER_CALLBACKS,
} from "@assay/semconv";
import { SHILLING } from "./money.ts";
import type { Payment, Settled } from "./payment-store.ts";
import type { Outcome } from "./result-codes.ts";

const SCOPE = "mpesa-mcp";
const PROVIDER = { [ATTR_FINANCE_PROVIDER_NAME]: "safaricom" };
const METHOD = { [ATTR_FINANCE_PAYMENT_METHOD]: FINANCE_PAYMENT_METHOD_VALUE_MOBILE_MONEY };

// All of this is a no-op until a preload registers an SDK.
export const tracer: Tracer = trace.getTracer(SCOPE);
const logger = logs.getLogger(SCOPE);
const meter = metrics.getMeter(SCOPE);

const transactions = meter.createCounter(METRIC_FINANCE_PAYMENT_TRANSACTIONS, {
  unit: "{transaction}",
});
const amounts = meter.createCounter(METRIC_FINANCE_PAYMENT_AMOUNT_MINOR, { unit: "{minor_unit}" });
const durations = meter.createHistogram(METRIC_FINANCE_PAYMENT_DURATION, {
  unit: "s",
  advice: { explicitBucketBoundaries: [...BUCKETS_FINANCE_PAYMENT_DURATION] },
});
const callbacks = meter.createCounter(METRIC_FINANCE_PROVIDER_CALLBACKS, { unit: "{callback}" });

/** Attributes of a payment that its spans carry. */
export function paymentAttributes(
  payment: Pick<Payment, "id" | "amountMinor" | "currency"> & Partial<Payment>,
  operation: "stk_push" | "stk_push_query",
): Attributes {
  return {
    ...PROVIDER,
    ...METHOD,
    [ATTR_FINANCE_PAYMENT_ID]: payment.id,
    [ATTR_FINANCE_PAYMENT_TYPE]: FINANCE_PAYMENT_TYPE_VALUE_COLLECTION,
    [ATTR_FINANCE_PAYMENT_AMOUNT_MINOR]: Number(payment.amountMinor),
    [ATTR_FINANCE_CURRENCY_CODE]: payment.currency,
    [ATTR_FINANCE_CURRENCY_EXPONENT]: SHILLING.exponent,
    [ATTR_FINANCE_PROVIDER_OPERATION_NAME]: operation,
    ...(payment.status !== undefined && { [ATTR_FINANCE_PAYMENT_STATUS]: payment.status }),
    ...(typeof payment.checkoutRequestId === "string" && {
      [ATTR_MPESA_CHECKOUT_REQUEST_ID]: payment.checkoutRequestId,
    }),
  };
}

/** Writes a change of state on the span: the attribute holds the last state, the events all of them. */
export function statusChanged(span: Span, id: string, status: string, resultCode?: string): void {
  span.setAttribute(ATTR_FINANCE_PAYMENT_STATUS, status);
  span.addEvent(EVENT_FINANCE_PAYMENT_STATUS_CHANGED, {
    [ATTR_FINANCE_PAYMENT_ID]: id,
    [ATTR_FINANCE_PAYMENT_STATUS]: status,
    ...(resultCode !== undefined && { [ATTR_MPESA_RESULT_CODE]: resultCode }),
  });
}

/** True when someone other than the customer has to put it right: only then is the span an error. */
export function isOurProblem({ domain }: Outcome): boolean {
  return domain !== undefined && domain !== FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER;
}

/** Counts a payment at its final outcome and logs it; call it once a payment. */
export function countFinal({ payment, seconds }: Settled, { outcome, domain }: Outcome): void {
  const common = { ...PROVIDER, ...METHOD };
  const ended = {
    [ATTR_FINANCE_OUTCOME]: outcome,
    ...(domain !== undefined && { [ATTR_FINANCE_FAILURE_DOMAIN]: domain }),
  };
  const currency = { [ATTR_FINANCE_CURRENCY_CODE]: payment.currency };
  transactions.add(1, { ...common, ...currency, ...ended });
  durations.record(seconds, { ...common, [ATTR_FINANCE_OUTCOME]: outcome });
  if (outcome === FINANCE_OUTCOME_VALUE_COMPLETED) {
    amounts.add(Number(payment.amountMinor), { ...common, ...currency });
  }
  logger.emit({
    eventName: EVENT_FINANCE_PAYMENT_STATUS_CHANGED,
    severityNumber:
      outcome === FINANCE_OUTCOME_VALUE_COMPLETED ? SeverityNumber.INFO : SeverityNumber.WARN,
    severityText: outcome === FINANCE_OUTCOME_VALUE_COMPLETED ? "INFO" : "WARN",
    // The reference is free text that a person typed; what must not leave is the gate's business.
    body: `collection ${outcome}, reference ${payment.reference}`,
    attributes: {
      ...ended,
      [ATTR_FINANCE_PAYMENT_ID]: payment.id,
      [ATTR_FINANCE_PAYMENT_STATUS]: payment.status,
    },
  });
}

/** Counts a callback of the provider. */
export function countCallback(type: "duplicate" | "result" | "unmatched"): void {
  callbacks.add(1, { ...PROVIDER, [ATTR_FINANCE_PROVIDER_CALLBACK_TYPE]: type });
}

/** The W3C traceparent of a span, to be kept with the row; null when nothing is traced. */
export function traceparentOf(span: Span): string | null {
  const spanContext = span.spanContext();
  if (!isSpanContextValid(spanContext)) return null;
  const flags = spanContext.traceFlags.toString(16).padStart(2, "0");
  return `00-${spanContext.traceId}-${spanContext.spanId}-${flags}`;
}

/** A link to the span whose traceparent was kept; none when there is none. */
export function linksTo(traceparent: string | null): Link[] {
  const [, traceId, spanId, flags] = traceparent?.split("-") ?? [];
  if (traceId === undefined || spanId === undefined) return [];
  const traceFlags = flags === "01" ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return [{ context: { traceId, spanId, traceFlags, isRemote: true } }];
}
