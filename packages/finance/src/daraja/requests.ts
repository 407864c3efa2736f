import type { Money } from "@assay/semconv";
import type { References } from "../checkpoint.ts";

/** A request for money on a customer's phone. */
export interface StkPush {
  /** Whole shillings: Daraja takes no cents. */
  amount: Money;
  /** 254 and nine digits. */
  phone: string;
  /** What the customer sees as the account: 12 characters at most. */
  reference: string;
  callbackUrl: string;
  /** 13 characters are sent. */
  description?: string;
  /** Pays into a till (buy goods) instead of the short code (pay bill). */
  till?: string;
}

/** Daraja has taken the request. */
export interface StkAccepted {
  checkoutRequestId: string;
  merchantRequestId: string;
  /** For `checkpoint`; the callback finds the payment by them. */
  references: References;
}

/** Where customers' own payments are told. */
export interface C2bUrls {
  confirmationUrl: string;
  validationUrl: string;
  /** What Daraja does with a payment while the validation URL is silent. */
  whenSilent?: "accept" | "refuse";
}

/** Where the outcome of what is carried out later is told. */
export interface ResultUrls {
  resultUrl: string;
  /** Told when Daraja gave up waiting for its own queue: the outcome is unknown then. */
  timeoutUrl: string;
  /** 100 characters at most; the command when absent. */
  remarks?: string;
  occasion?: string;
}

/** Money for a customer. */
export interface Payout extends ResultUrls {
  /** Whole shillings: Daraja takes no cents. */
  amount: Money;
  /** 254 and nine digits. */
  phone: string;
  /**
   * Ours, unique for each payout: Daraja refuses one that it knows, so a payout whose answer was lost is not paid twice
   * when it is sent again with the same. Keep it by `checkpoint` before sending.
   */
  originatorConversationId: string;
  command?: "BusinessPayment" | "SalaryPayment" | "PromotionPayment";
}

/** Which transaction is asked about: by M-Pesa's receipt number, or by our own id when there is none. */
export interface TransactionQuestion extends ResultUrls {
  transactionId?: string;
  originatorConversationId?: string;
}

/** A payment of a customer that is given back. */
export interface Reversal extends ResultUrls {
  /** M-Pesa's receipt number of the payment. */
  transactionId: string;
  /** Whole shillings: Daraja takes no cents. */
  amount: Money;
}

export type AccountBalanceQuestion = ResultUrls;

/** Daraja has taken the request, and will tell its outcome. */
export interface Queued {
  conversationId: string;
  originatorConversationId: string;
  /** For `checkpoint`; the result finds the payment by them. */
  references: References;
}
