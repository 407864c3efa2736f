import {
  FINANCE_FAILURE_DOMAIN_VALUE_NETWORK,
  FINANCE_FAILURE_DOMAIN_VALUE_PLATFORM,
  FINANCE_FAILURE_DOMAIN_VALUE_PROVIDER,
  FINANCE_OUTCOME_VALUE_FAILED,
  FINANCE_OUTCOME_VALUE_UNKNOWN,
} from "@assay/semconv";
import type { Outcome } from "./result-codes.ts";

/** An error that a client gets as `{ code, message }`; the code never changes. */
export class PaymentError extends Error {
  readonly code: string;
  readonly statusCode: number;
  /** What became of the payment, when there is one. */
  readonly outcome: Outcome | undefined;
  /** Code in Daraja's own words. */
  readonly providerCode: string | undefined;
  /** The payment that it happened to, so that the client can ask for it later. */
  paymentId?: string;

  constructor(
    code: string,
    statusCode: number,
    message: string,
    details: { outcome?: Outcome; providerCode?: string; cause?: unknown } = {},
  ) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.name = "PaymentError";
    this.code = code;
    this.statusCode = statusCode;
    this.outcome = details.outcome;
    this.providerCode = details.providerCode;
  }
}

/** The client sent something that cannot be a payment. */
export function invalidRequest(message: string): PaymentError {
  return new PaymentError("PAYMENT_INVALID", 400, message);
}

/** The idempotency key belongs to another payment. */
export function keyReused(): PaymentError {
  return new PaymentError(
    "PAYMENT_KEY_REUSED",
    409,
    "This Idempotency-Key was used for another payment; use a new key for a new payment.",
  );
}

/** Daraja answered, and not with what was asked. */
export function darajaRefused(
  status: number,
  providerCode: string | undefined,
  message: string,
): PaymentError {
  // A 4xx says that our own request was wrong; waiting for Safaricom will not help.
  const domain =
    status >= 400 && status < 500
      ? FINANCE_FAILURE_DOMAIN_VALUE_PLATFORM
      : FINANCE_FAILURE_DOMAIN_VALUE_PROVIDER;
  return new PaymentError("DARAJA_REFUSED", 502, `Daraja answered ${status}: ${message}`, {
    outcome: { outcome: FINANCE_OUTCOME_VALUE_FAILED, domain },
    ...(providerCode !== undefined && { providerCode }),
  });
}

/** Daraja was not reached, so nobody was asked for money. */
export function darajaUnreachable(cause: unknown): PaymentError {
  return new PaymentError("DARAJA_UNREACHABLE", 502, "Daraja could not be reached.", {
    outcome: {
      outcome: FINANCE_OUTCOME_VALUE_FAILED,
      domain: FINANCE_FAILURE_DOMAIN_VALUE_NETWORK,
    },
    cause,
  });
}

/** The request went out and no answer came back: a timeout is not a failure. */
export function darajaSilent(cause: unknown): PaymentError {
  return new PaymentError(
    "DARAJA_SILENT",
    504,
    "Daraja did not answer; whether the customer was asked to pay is not known.",
    {
      outcome: {
        outcome: FINANCE_OUTCOME_VALUE_UNKNOWN,
        domain: FINANCE_FAILURE_DOMAIN_VALUE_NETWORK,
      },
      cause,
    },
  );
}
