import type { Failure } from "./outcome.ts";

const DECLINED: Failure = { outcome: "failed", domain: "customer", retriable: false };
const LATER: Failure = { outcome: "failed", domain: "customer", retriable: true };

/**
 * Families of declines as card processors call them, whatever the scheme and its response code.
 *
 * A family is what decides what to do next; processors map the schemes' merchant advice codes to the same few.
 */
export const CARD_DECLINES: Readonly<Record<string, Failure>> = {
  approve_with_id: LATER,
  authentication_required: LATER,
  card_not_supported: DECLINED,
  card_velocity_exceeded: LATER,
  currency_not_supported: { outcome: "failed", domain: "merchant", retriable: false },
  do_not_honor: DECLINED,
  do_not_try_again: DECLINED,
  duplicate_transaction: { outcome: "failed", domain: "platform", retriable: false },
  expired_card: DECLINED,
  fraudulent: DECLINED,
  generic_decline: DECLINED,
  incorrect_cvc: LATER,
  incorrect_number: DECLINED,
  incorrect_pin: LATER,
  insufficient_funds: LATER,
  invalid_account: DECLINED,
  invalid_amount: { outcome: "failed", domain: "platform", retriable: false },
  issuer_not_available: { outcome: "failed", domain: "provider", retriable: true },
  lost_card: DECLINED,
  merchant_blocked: { outcome: "failed", domain: "merchant", retriable: false },
  not_permitted: DECLINED,
  pickup_card: DECLINED,
  pin_try_exceeded: DECLINED,
  processing_error: { outcome: "failed", domain: "provider", retriable: true },
  reenter_transaction: { outcome: "failed", domain: "provider", retriable: true },
  restricted_card: DECLINED,
  revocation_of_authorization: { outcome: "cancelled", domain: "customer", retriable: false },
  stolen_card: DECLINED,
  stop_payment_order: { outcome: "cancelled", domain: "customer", retriable: false },
  try_again_later: { outcome: "failed", domain: "provider", retriable: true },
  withdrawal_count_limit_exceeded: LATER,
};
