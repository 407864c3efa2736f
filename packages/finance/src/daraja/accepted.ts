import type { Span } from "@opentelemetry/api";
import {
  ATTR_MPESA_CHECKOUT_REQUEST_ID,
  ATTR_MPESA_CONVERSATION_ID,
  ATTR_MPESA_MERCHANT_REQUEST_ID,
  ATTR_MPESA_ORIGINATOR_CONVERSATION_ID,
} from "@assay/semconv";
import type { Fields } from "./answer.ts";
import { type Asked, silent } from "./error.ts";
import type { Queued, StkAccepted } from "./requests.ts";
import { textOf } from "./written.ts";

/**
 * True when a query says that the customer has not answered.
 *
 * It says so by an error, whose code also says that the passkey is wrong, so by its words too; or by the result 4999.
 */
export function isPending({ errorCode, errorMessage, ResultCode: code }: Fields): boolean {
  if (textOf(code) === "4999") return true;
  const words = textOf(errorMessage) ?? "";
  return errorCode === "500.001.1001" && /being processed|under processing/i.test(words);
}

/** True when a query was answered at all. */
export function isAnswered(fields: Fields, isOk: boolean): boolean {
  return isPending(fields) || (isOk && textOf(fields["ResultCode"]) !== undefined);
}

/** Reads that a push was taken. */
export function readAccepted(fields: Fields, span: Span, asked: Asked): StkAccepted {
  const checkoutRequestId = textOf(fields["CheckoutRequestID"]);
  const merchantRequestId = textOf(fields["MerchantRequestID"]) ?? "";
  if (checkoutRequestId === undefined) throw silent(asked, "no CheckoutRequestID in the answer");
  span.setAttribute(ATTR_MPESA_CHECKOUT_REQUEST_ID, checkoutRequestId);
  span.setAttribute(ATTR_MPESA_MERCHANT_REQUEST_ID, merchantRequestId);
  const references = { CheckoutRequestID: checkoutRequestId };
  return { checkoutRequestId, merchantRequestId, references };
}

/** Reads that a request was taken which is carried out later. */
export function readQueued(fields: Fields, span: Span, asked: Asked): Queued {
  const conversationId = textOf(fields["ConversationID"]);
  // The answer's name for it has been written in two ways.
  const originatorConversationId =
    textOf(fields["OriginatorConversationID"]) ?? textOf(fields["OriginatorCoversationID"]);
  if (conversationId === undefined || originatorConversationId === undefined) {
    throw silent(asked, "no ConversationID in the answer");
  }
  span.setAttribute(ATTR_MPESA_CONVERSATION_ID, conversationId);
  span.setAttribute(ATTR_MPESA_ORIGINATOR_CONVERSATION_ID, originatorConversationId);
  return {
    conversationId,
    originatorConversationId,
    references: {
      ConversationID: conversationId,
      OriginatorConversationID: originatorConversationId,
    },
  };
}
