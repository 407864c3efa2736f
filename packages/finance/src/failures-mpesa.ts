import type { Failure } from "./outcome.ts";

const CUSTOMER: Failure = { outcome: "failed", domain: "customer", retriable: false };
const FLOAT: Failure = { outcome: "failed", domain: "merchant", retriable: true };
const PROVIDER: Failure = { outcome: "failed", domain: "provider", retriable: true };
const OURS: Failure = { outcome: "failed", domain: "platform", retriable: false };
const BUSY: Failure = { outcome: "failed", domain: "customer", retriable: true };

// What every API answers to a request that it does not take.
const REFUSALS: Readonly<Record<string, Failure>> = {
  "400.002.02": OURS,
  "401.003.01": OURS,
  "404.001.03": OURS,
  "404.001.04": OURS,
  "500.001.1001": PROVIDER,
  "500.003.02": PROVIDER,
  "500.003.03": PROVIDER,
};

/**
 * Results of Daraja, the API of Safaricom's M-Pesa, by API.
 *
 * Of STK push 1, 1032 and 1037 are documented; the others are what integrators report in agreement. Any other code is
 * `_other`. 1 is a customer without money in STK push and our own empty float in B2C; 2001 is a wrong PIN of the customer
 * in one and our wrong initiator in the other.
 */
export const MPESA_RESULTS: Readonly<Record<string, Readonly<Record<string, Failure>>>> = {
  stk_push: {
    "1": CUSTOMER,
    "17": { ...CUSTOMER, retriable: true },
    "26": PROVIDER,
    "1001": BUSY,
    "1019": { outcome: "expired", domain: "provider", retriable: true },
    "1025": PROVIDER,
    "1032": { outcome: "cancelled", domain: "customer", retriable: true },
    "1037": { outcome: "expired", domain: "customer", retriable: true },
    "2001": { ...CUSTOMER, retriable: true },
    "9999": PROVIDER,
    ...REFUSALS,
  },
  c2b: {
    C2B00011: CUSTOMER,
    C2B00012: CUSTOMER,
    C2B00013: CUSTOMER,
    C2B00014: CUSTOMER,
    C2B00015: OURS,
    C2B00016: { outcome: "failed", domain: "merchant", retriable: false },
    ...REFUSALS,
  },
  b2c: {
    "1": FLOAT,
    "2": CUSTOMER,
    "4": { ...CUSTOMER, retriable: true },
    "8": { ...CUSTOMER, retriable: true },
    "17": { ...CUSTOMER, retriable: true },
    "26": PROVIDER,
    "2001": OURS,
    "2006": OURS,
    "2040": CUSTOMER,
    "8006": OURS,
    SFC_IC0003: CUSTOMER,
    ...REFUSALS,
  },
  reversal: { "26": PROVIDER, "2001": OURS, ...REFUSALS },
  transaction_status: { "26": PROVIDER, "2001": OURS, ...REFUSALS },
  account_balance: { "26": PROVIDER, "2001": OURS, ...REFUSALS },
  token: { "400.008.01": OURS, "400.008.02": OURS, ...REFUSALS },
};
