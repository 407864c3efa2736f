import type { Attributes, Counter, Histogram } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_DIRECTION,
  ATTR_FINANCE_PAYMENT_PREVIOUS_STATUS,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_TENANT_BUCKET,
  ATTR_FINANCE_TENANT_TIER,
  FINANCE_OUTCOME_VALUE_COMPLETED,
  INSTRUMENT_FINANCE_PAYMENT_AMOUNT_MINOR,
  INSTRUMENT_FINANCE_PAYMENT_DURATION,
  INSTRUMENT_FINANCE_PAYMENT_FAILURES,
  INSTRUMENT_FINANCE_PAYMENT_FEE_MINOR,
  INSTRUMENT_FINANCE_PAYMENT_REFUSED_TRANSITIONS,
  INSTRUMENT_FINANCE_PAYMENT_TRANSACTIONS,
  INSTRUMENT_FINANCE_PAYMENT_UNSETTLED,
  INSTRUMENT_FINANCE_PROVIDER_CALLBACKS,
  INSTRUMENT_FINANCE_REFUND_AMOUNT_MINOR,
  INSTRUMENT_FINANCE_TENANT_PAYMENTS,
} from "@assay/semconv";
import { OTHER } from "./buckets.ts";
import type { FailureCatalogue } from "./failure-catalogue.ts";
import { createCounter, createHistogram } from "./instruments.ts";
import { FAILURE_DOMAINS, type PaymentStatus } from "./outcome.ts";
import { type Rail, railLabels } from "./rail.ts";
import type { Tenant } from "./tenant.ts";
import type { TenantBuckets } from "./tenant-buckets.ts";
import { refusedTransitions } from "./transitions.ts";

/** The instruments of payments, by the registry. */
export interface PaymentMetrics {
  transactions: Counter;
  amounts: Counter;
  fees: Counter;
  refunds: Counter;
  durations: Histogram;
  failures: Counter;
  unsettled: Counter;
  refusedTransitions: Counter;
  callbacks: Counter;
  /** Where buckets are used; the histogram has its tier alone, as each of its series is twenty. */
  tenants: { payments: Counter; labels(tenant: Tenant | undefined): TenantLabels } | undefined;
}

interface TenantLabels {
  [ATTR_FINANCE_TENANT_BUCKET]: string;
  [ATTR_FINANCE_TENANT_TIER]?: string;
}

const NOT_COMPLETED = ["failed", "cancelled", "expired"] as const;
const CALLBACKS = ["result", "duplicate", "unmatched"] as const;

/** Makes the instruments of payments, and begins each of their series at zero. */
export function createPaymentMetrics(
  rails: Readonly<Record<string, Rail>>,
  catalogue: FailureCatalogue,
  buckets: TenantBuckets | undefined,
): PaymentMetrics {
  const made: PaymentMetrics = {
    transactions: createCounter(INSTRUMENT_FINANCE_PAYMENT_TRANSACTIONS),
    amounts: createCounter(INSTRUMENT_FINANCE_PAYMENT_AMOUNT_MINOR),
    fees: createCounter(INSTRUMENT_FINANCE_PAYMENT_FEE_MINOR),
    refunds: createCounter(INSTRUMENT_FINANCE_REFUND_AMOUNT_MINOR),
    durations: createHistogram(INSTRUMENT_FINANCE_PAYMENT_DURATION),
    failures: createCounter(INSTRUMENT_FINANCE_PAYMENT_FAILURES),
    unsettled: createCounter(INSTRUMENT_FINANCE_PAYMENT_UNSETTLED),
    refusedTransitions: createCounter(INSTRUMENT_FINANCE_PAYMENT_REFUSED_TRANSITIONS),
    callbacks: createCounter(INSTRUMENT_FINANCE_PROVIDER_CALLBACKS),
    tenants: buckets && {
      payments: createCounter(INSTRUMENT_FINANCE_TENANT_PAYMENTS),
      labels(tenant) {
        const bucket = { [ATTR_FINANCE_TENANT_BUCKET]: buckets.of(tenant?.id) };
        return tenant?.tier === undefined
          ? bucket
          : { ...bucket, [ATTR_FINANCE_TENANT_TIER]: tenant.tier };
      },
    },
  };
  for (const rail of Object.values(rails)) beginAtZero(made, rail, catalogue);
  // Whose callback matches no payment is not known where there is more than one that it may be of.
  if (new Set(Object.values(rails).map(({ provider }) => provider)).size > 1) {
    made.callbacks.add(0, callbackLabels({ provider: OTHER }, "unmatched"));
  }
  return made;
}

// A counter that first appears at 1 has no increase that `increase()` could see.
function beginAtZero(made: PaymentMetrics, rail: Rail, catalogue: FailureCatalogue): void {
  const labels = railLabels(rail);
  const { provider, api } = rail.failures ?? rail;
  for (const currency of rail.currencies) {
    const common = { ...labels, [ATTR_FINANCE_CURRENCY_CODE]: currency };
    made.transactions.add(0, {
      ...common,
      [ATTR_FINANCE_OUTCOME]: FINANCE_OUTCOME_VALUE_COMPLETED,
    });
    for (const outcome of NOT_COMPLETED) {
      for (const domain of FAILURE_DOMAINS) {
        const ended = { [ATTR_FINANCE_OUTCOME]: outcome, [ATTR_FINANCE_FAILURE_DOMAIN]: domain };
        made.transactions.add(0, { ...common, ...ended });
      }
    }
    made.unsettled.add(0, common);
    made.amounts.add(0, withDirection(common, rail));
    made.fees.add(0, common);
    made.refunds.add(0, common);
  }
  for (const { label, domain } of catalogue.of(provider, api)) {
    made.failures.add(0, failureLabels(labels, label, domain));
  }
  for (const domain of FAILURE_DOMAINS) made.failures.add(0, failureLabels(labels, OTHER, domain));
  for (const type of CALLBACKS) made.callbacks.add(0, callbackLabels(rail, type));
  for (const [from, to] of refusedTransitions()) {
    made.refusedTransitions.add(0, refusalLabels(rail, from, to));
  }
}

/** What a failure is labelled with. */
export function failureLabels(common: Attributes, code: string, domain: string): Attributes {
  return {
    ...common,
    [ATTR_FINANCE_FAILURE_CODE]: code,
    [ATTR_FINANCE_FAILURE_DOMAIN]: domain,
  };
}

/** What an amount of money is labelled with. */
export function withDirection(common: Attributes, { direction }: Rail): Attributes {
  if (direction === undefined) return common;
  return { ...common, [ATTR_FINANCE_PAYMENT_DIRECTION]: direction };
}

/** What a change of state that was not made is labelled with. */
export function refusalLabels(
  { provider }: Rail,
  from: PaymentStatus,
  to: PaymentStatus,
): Attributes {
  return {
    [ATTR_FINANCE_PAYMENT_STATUS]: to,
    [ATTR_FINANCE_PAYMENT_PREVIOUS_STATUS]: from,
    [ATTR_FINANCE_PROVIDER_NAME]: provider,
  };
}

/** What a callback is labelled with. */
export function callbackLabels(
  { provider }: Pick<Rail, "provider">,
  type: (typeof CALLBACKS)[number],
): Attributes {
  return {
    [ATTR_FINANCE_PROVIDER_NAME]: provider,
    [ATTR_FINANCE_PROVIDER_CALLBACK_TYPE]: type,
  };
}
