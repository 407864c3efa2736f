import type { FailureTable } from "@assay/finance";

/** The rails of the day's service: three currencies, with 2, 0 and 3 digits of minor units. */
export const rails = {
  mpesa: {
    provider: "safaricom",
    api: "stk_push",
    method: "mobile_money",
    type: "collection",
    direction: "inbound",
    currencies: ["KES"],
  },
  mtn: {
    provider: "mtn",
    api: "request_to_pay",
    method: "mobile_money",
    type: "collection",
    direction: "inbound",
    currencies: ["UGX"],
  },
  card: {
    provider: "acquirer",
    api: "authorize",
    method: "card",
    type: "collection",
    direction: "inbound",
    currencies: ["JOD"],
    failures: { provider: "iso8583", api: "response" },
  },
} as const;

/** Codes that the package's own catalogue does not have. */
export const MTN_RESULTS: FailureTable = {
  mtn: {
    request_to_pay: {
      APPROVAL_REJECTED: { outcome: "cancelled", domain: "customer", retriable: true },
      NOT_ENOUGH_FUNDS: { outcome: "failed", domain: "customer", retriable: false },
      EXPIRED: { outcome: "expired", domain: "customer", retriable: true },
      INTERNAL_PROCESSING_ERROR: { outcome: "failed", domain: "provider", retriable: true },
    },
  },
};

// What the ledger says of a code: written down here once more, so that it can contradict the telemetry.
const ENDS: Readonly<Record<string, End>> = {
  "0": ["completed", null],
  "1032": ["cancelled", "customer"],
  APPROVAL_REJECTED: ["cancelled", "customer"],
  R1: ["cancelled", "customer"],
  "1": ["failed", "customer"],
  NOT_ENOUGH_FUNDS: ["failed", "customer"],
  "51": ["failed", "customer"],
  "1A": ["failed", "customer"],
  "1037": ["expired", "customer"],
  EXPIRED: ["expired", "customer"],
};

/** How a payment ended, for the ledger. */
export type End = readonly [outcome: string, domain: string | null];

/** How a payment ended by the provider's last word on it; null when it has never heard of it. */
export function endOf(code: string | null): End {
  if (code === null) return ["failed", "network"];
  return ENDS[code] ?? ["failed", "provider"];
}
