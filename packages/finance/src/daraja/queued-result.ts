import {
  ATTR_MPESA_CONVERSATION_ID,
  ATTR_MPESA_ORIGINATOR_CONVERSATION_ID,
  ATTR_MPESA_RECEIPT_NUMBER,
  ATTR_MPESA_RESULT_CODE,
  type Money,
} from "@assay/semconv";
import { momentOf } from "./credentials.ts";
import { amountOf } from "./amount.ts";
import { codeOf } from "./answer.ts";
import { DONE, type Result } from "./stk-result.ts";
import { type Body, fieldsOf, readBody, readPairs, textOf } from "./written.ts";

/** An account of ours at M-Pesa. */
export interface AccountBalance {
  /** "Working Account", "Utility Account", … */
  account: string;
  current: Money | undefined;
  /** Without what is reserved or not cleared. */
  available: Money | undefined;
}

/** What Daraja sends to a ResultURL: the outcome of a payout, a reversal, a question about a transaction or a balance. */
export interface QueuedResult extends Result {
  conversationId: string | undefined;
  originatorConversationId: string | undefined;
  /** M-Pesa's receipt number of what was done. */
  receipt: string | undefined;
  amount: Money | undefined;
  completedAt: Date | undefined;
  /** Of a question about a transaction; only "Completed" is completed. */
  transactionStatus: string | undefined;
  /** Of a question about balances; empty otherwise. */
  balances: readonly AccountBalance[];
  /** All that was sent, by its key, as it was written; with names and phone numbers of customers. */
  parameters: ReadonlyMap<string, string>;
}

const COMPLETED = "Completed";

/**
 * Reads what Daraja sends to a ResultURL, from its text, its bytes or what a framework has parsed; undefined of anything
 * else.
 *
 * @example
 * const result = readQueuedResult(request.rawBody);
 * if (result === undefined) return reply.code(400).send();
 * await payments.resume(result.finding, result, async (payment) => settle(payment, result));
 */
export function readQueuedResult(body: Body): QueuedResult | undefined {
  const result = fieldsOf(readBody(body)?.["Result"]);
  const code = codeOf(result?.["ResultCode"]);
  if (result === undefined || code === undefined) return undefined;
  const conversationId = textOf(result["ConversationID"]);
  const originatorConversationId = textOf(result["OriginatorConversationID"]);
  const finding = findingOf(conversationId, originatorConversationId);
  if (finding === undefined) return undefined;
  const parameters = readPairs(fieldsOf(result["ResultParameters"])?.["ResultParameter"], "Key");
  const transactionStatus = parameters.get("TransactionStatus");
  const receipt =
    parameters.get("TransactionReceipt") ??
    parameters.get("ReceiptNo") ??
    textOf(result["TransactionID"]);
  return {
    finding,
    code,
    isCompleted: code === DONE && (transactionStatus ?? COMPLETED) === COMPLETED,
    details: {
      attributes: {
        ...(conversationId !== undefined && { [ATTR_MPESA_CONVERSATION_ID]: conversationId }),
        ...(originatorConversationId !== undefined && {
          [ATTR_MPESA_ORIGINATOR_CONVERSATION_ID]: originatorConversationId,
        }),
        ...(receipt !== undefined && { [ATTR_MPESA_RECEIPT_NUMBER]: receipt }),
        [ATTR_MPESA_RESULT_CODE]: code,
      },
    },
    conversationId,
    originatorConversationId,
    receipt,
    amount: amountOf(parameters.get("TransactionAmount") ?? parameters.get("Amount")),
    completedAt: momentOf(
      parameters.get("TransactionCompletedDateTime") ??
        parameters.get("FinalisedTime") ??
        parameters.get("BOCompletedTime"),
    ),
    transactionStatus,
    balances: balancesOf(parameters.get("AccountBalance")),
    parameters,
  };
}

// Ours first: it is known before the request is sent, so it finds a payment whose answer was lost too.
function findingOf(
  conversationId: string | undefined,
  originatorConversationId: string | undefined,
): Result["finding"] | undefined {
  if (originatorConversationId !== undefined) {
    return { by: "OriginatorConversationID", value: originatorConversationId };
  }
  return conversationId === undefined ? undefined : { by: "ConversationID", value: conversationId };
}

// "Working Account|KES|700.00|650.00|50.00|0.00&Utility Account|KES|…": current, available, reserved, not cleared.
function balancesOf(text = ""): AccountBalance[] {
  return text.split("&").flatMap((part) => {
    const [account = "", currency, current, available] = part.split("|");
    if (currency !== "KES") return [];
    return [{ account, current: amountOf(current), available: amountOf(available) }];
  });
}
