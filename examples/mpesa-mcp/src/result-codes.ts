import {
  FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER,
  type FINANCE_FAILURE_DOMAIN_VALUE_NETWORK,
  type FINANCE_FAILURE_DOMAIN_VALUE_PLATFORM,
  FINANCE_FAILURE_DOMAIN_VALUE_PROVIDER,
  FINANCE_OUTCOME_VALUE_CANCELLED,
  FINANCE_OUTCOME_VALUE_COMPLETED,
  FINANCE_OUTCOME_VALUE_EXPIRED,
  FINANCE_OUTCOME_VALUE_FAILED,
  type FINANCE_OUTCOME_VALUE_UNKNOWN,
} from "@assay/semconv";

export type FailureDomain =
  | typeof FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER
  | typeof FINANCE_FAILURE_DOMAIN_VALUE_NETWORK
  | typeof FINANCE_FAILURE_DOMAIN_VALUE_PLATFORM
  | typeof FINANCE_FAILURE_DOMAIN_VALUE_PROVIDER;

/** How a payment ended, and who can put it right when it did not complete. */
export type Outcome =
  | { outcome: typeof FINANCE_OUTCOME_VALUE_COMPLETED; domain?: undefined }
  | {
      outcome:
        | typeof FINANCE_OUTCOME_VALUE_CANCELLED
        | typeof FINANCE_OUTCOME_VALUE_EXPIRED
        | typeof FINANCE_OUTCOME_VALUE_FAILED
        | typeof FINANCE_OUTCOME_VALUE_UNKNOWN;
      domain: FailureDomain;
    };

/** ResultCode of a payment that went through. */
export const RESULT_COMPLETED = "0";

// STK push only: in B2C code 1 means that our own float is empty, which is another domain.
const stkPush: Readonly<Record<string, Outcome>> = {
  [RESULT_COMPLETED]: { outcome: FINANCE_OUTCOME_VALUE_COMPLETED },
  "1": {
    outcome: FINANCE_OUTCOME_VALUE_FAILED,
    domain: FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER,
  },
  "1032": {
    outcome: FINANCE_OUTCOME_VALUE_CANCELLED,
    domain: FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER,
  },
  "1037": {
    outcome: FINANCE_OUTCOME_VALUE_EXPIRED,
    domain: FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER,
  },
};

/**
 * What the ResultCode of an STK push means.
 *
 * Only the four codes that Safaricom's own material agrees on are asserted; any other is the
 * provider's failure until someone knows better.
 */
export function stkPushOutcome(resultCode: string): Outcome {
  return Object.hasOwn(stkPush, resultCode)
    ? stkPush[resultCode]!
    : { outcome: FINANCE_OUTCOME_VALUE_FAILED, domain: FINANCE_FAILURE_DOMAIN_VALUE_PROVIDER };
}
