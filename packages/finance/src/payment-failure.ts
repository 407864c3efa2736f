/** A failure that nobody threw, for the span and with it for Sentry. */
export class PaymentFailure extends Error {
  /** The provider's code where the catalogue knows it. */
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.name = "PaymentFailure";
    this.code = code;
  }
}
