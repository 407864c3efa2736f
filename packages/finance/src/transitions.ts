import type { PaymentStatus } from "./outcome.ts";

const BEFORE_THE_END = ["completed", "failed", "cancelled", "expired", "unknown"] as const;

/**
 * The states that a payment may go to from each state.
 *
 * Of Stripe's PaymentIntent and of the statuses of ISO 20022 (ACTC, ACSP, ACSC, PDNG, RJCT) the ones that money can
 * take; from `unknown` it may turn out to be in any.
 */
const NEXT: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  created: ["requires_action", "processing", "authorized", ...BEFORE_THE_END],
  requires_action: ["processing", "authorized", ...BEFORE_THE_END],
  processing: ["requires_action", "authorized", "captured", "settled", ...BEFORE_THE_END],
  authorized: ["captured", "settled", "reversed", ...BEFORE_THE_END],
  captured: ["settled", "completed", "failed", "refunded", "reversed", "disputed", "unknown"],
  settled: ["completed", "refunded", "reversed", "disputed"],
  completed: ["refunded", "reversed", "disputed"],
  disputed: ["completed", "refunded", "reversed"],
  unknown: [
    "requires_action",
    "processing",
    "authorized",
    "captured",
    "settled",
    "completed",
    "failed",
    "cancelled",
    "expired",
    "reversed",
  ],
  failed: [],
  cancelled: [],
  expired: [],
  refunded: [],
  reversed: [],
};

/** The states in which a payment has its outcome, and is counted when it first comes to one of them. */
const FINAL: ReadonlySet<PaymentStatus> = new Set([
  "completed",
  "failed",
  "cancelled",
  "expired",
  "refunded",
  "reversed",
  "disputed",
]);

/** The states in which a payment waits for its outcome. */
export const WAITING: readonly PaymentStatus[] = (Object.keys(NEXT) as PaymentStatus[]).filter(
  (status) => !FINAL.has(status),
);

/** True when a payment in the state `from` may go to the state `to`. */
export function isLegal(from: PaymentStatus, to: PaymentStatus): boolean {
  return NEXT[from].includes(to);
}

/** Every change of state that is not legal, as from and to. */
export function refusedTransitions(): [from: PaymentStatus, to: PaymentStatus][] {
  const all = Object.keys(NEXT) as PaymentStatus[];
  return all.flatMap((from) =>
    all.filter((to) => !isLegal(from, to)).map((to): [PaymentStatus, PaymentStatus] => [from, to]),
  );
}

/** True when a payment in this state waits for nothing. */
export function isFinal(status: PaymentStatus): boolean {
  return FINAL.has(status);
}
