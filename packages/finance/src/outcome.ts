import type { FinanceAttributes } from "@assay/semconv";

/** State of a payment, as the registry has it. */
export type PaymentStatus = NonNullable<FinanceAttributes["finance.payment.status"]>;

/** How a payment ended, as the registry has it; `unknown` is one: a timeout is not a failure. */
export type PaymentOutcome = NonNullable<FinanceAttributes["finance.outcome"]>;

/** Who can put a failure right, as the registry has it. */
export type FailureDomain = NonNullable<FinanceAttributes["finance.failure.domain"]>;

/** What a failure means: how the payment ended, who can put it right, and whether trying again can succeed. */
export interface Failure {
  outcome: Exclude<PaymentOutcome, "completed">;
  domain: FailureDomain;
  retriable: boolean;
}

export const FAILURE_DOMAINS: readonly FailureDomain[] = [
  "customer",
  "merchant",
  "provider",
  "platform",
  "network",
];

/** True when someone other than the customer has to put it right: only then is a span an error. */
export function isError({ domain }: Pick<Failure, "domain">): boolean {
  return domain !== "customer";
}
