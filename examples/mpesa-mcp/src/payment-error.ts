import type { DarajaError } from "@assay/finance/daraja";

/** An error that a client gets as `{ code, message, paymentId }`; the code never changes. */
export class PaymentError extends Error {
  readonly code: string;
  readonly statusCode: number;
  /** The payment that it happened to, so that the client can ask for it later. */
  readonly paymentId: string | undefined;

  constructor(
    code: string,
    statusCode: number,
    message: string,
    { paymentId, ...options }: ErrorOptions & { paymentId?: string } = {},
  ) {
    super(message, options);
    this.name = "PaymentError";
    this.code = code;
    this.statusCode = statusCode;
    this.paymentId = paymentId;
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

/** The tenant has sent more requests than it may; the response's headers say when it may again. */
export function tooManyRequests(): PaymentError {
  return new PaymentError("TOO_MANY_REQUESTS", 429, "Too many requests; wait as Retry-After says.");
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

/** Daraja did not take the request, or did not say whether it did; the payment's row says what became of it. */
export function notTaken(paymentId: string, cause: DarajaError): PaymentError {
  const statusCode = cause.code === "DARAJA_SILENT" ? 504 : 502;
  return new PaymentError(cause.code, statusCode, `${cause.message}.`, { paymentId, cause });
}
