import type { FailureGiven } from "@assay/finance";

/** An error that a client gets as `{ code, message }`; the code never changes. */
export class PaymentError extends Error {
  readonly code: string;
  readonly statusCode: number;
  /** What it means for the payment, when there is one. */
  readonly failure: FailureGiven | undefined;
  /** The payment that it happened to, so that the client can ask for it later. */
  paymentId?: string;

  constructor(
    code: string,
    statusCode: number,
    message: string,
    details: { failure?: FailureGiven; cause?: unknown } = {},
  ) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.name = "PaymentError";
    this.code = code;
    this.statusCode = statusCode;
    this.failure = details.failure;
  }
}

/** The client sent something that cannot be a payment. */
export function invalidRequest(message: string): PaymentError {
  return new PaymentError("PAYMENT_INVALID", 400, message);
}

/** No tenant has the API key of the request. */
export function unknownKey(): PaymentError {
  return new PaymentError(
    "API_KEY_UNKNOWN",
    401,
    "The API key is missing or not known; send it as Authorization: Bearer KEY.",
  );
}

/** There is no payment with this id. */
export function paymentNotFound(): PaymentError {
  return new PaymentError("PAYMENT_NOT_FOUND", 404, "No such payment.");
}

/** The idempotency key belongs to another payment. */
export function keyReused(): PaymentError {
  return new PaymentError(
    "PAYMENT_KEY_REUSED",
    409,
    "This Idempotency-Key was used for another payment; use a new key for a new payment.",
  );
}

/** Daraja answered, and not with what was asked; the failure catalogue knows what its code means. */
export function darajaRefused(
  status: number,
  code: string | undefined,
  message: string,
): PaymentError {
  const failure: FailureGiven =
    code === undefined
      ? { outcome: "failed", domain: "provider", retriable: status >= 500 }
      : { code };
  return new PaymentError("DARAJA_REFUSED", 502, `Daraja answered ${status}: ${message}`, {
    failure,
  });
}

/** Daraja was not reached, so nobody was asked for money. */
export function darajaUnreachable(cause: unknown): PaymentError {
  return new PaymentError("DARAJA_UNREACHABLE", 502, "Daraja could not be reached.", {
    failure: { outcome: "failed", domain: "network", retriable: true },
    cause,
  });
}

/** The request went out and no answer came back: a timeout is not a failure. */
export function darajaSilent(cause: unknown): PaymentError {
  return new PaymentError(
    "DARAJA_SILENT",
    504,
    "Daraja did not answer; whether the customer was asked to pay is not known.",
    { failure: { outcome: "unknown", domain: "network", retriable: false }, cause },
  );
}
