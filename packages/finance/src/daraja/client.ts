import {
  ATTR_MPESA_CHECKOUT_REQUEST_ID,
  ATTR_MPESA_COMMAND_ID,
  ATTR_MPESA_SHORTCODE,
} from "@assay/semconv";
import type { FailureCatalogue } from "../failure-catalogue.ts";
import { isAnswered, isPending, readAccepted, readQueued } from "./accepted.ts";
import type { Fields } from "./answer.ts";
import { createCaller, type Question } from "./caller.ts";
import { darajaTimestamp, stkPassword } from "./credentials.ts";
import { type Asked, notARequest } from "./error.ts";
import { phoneOf, referenceOf, shillingsOf } from "./fields.ts";
import type { Flow } from "./observed-call.ts";
import type {
  AccountBalanceQuestion,
  C2bUrls,
  Payout,
  Queued,
  Reversal,
  ResultUrls,
  StkAccepted,
  StkPush,
  TransactionQuestion,
} from "./requests.ts";
import { readResult, type StkResult } from "./stk-result.ts";
import type { DarajaTokensOptions } from "./tokens.ts";

export interface DarajaOptions extends DarajaTokensOptions {
  /** Of the organisation: pay bill or store number. */
  shortcode: string;
  /** For STK push and its query. */
  passkey?: string;
  /** Who may pay out, reverse and ask; see `securityCredential`. */
  initiator?: { name: string; securityCredential: string };
  /** What Daraja's codes mean; the package's own catalogue when absent. */
  failureCatalogue?: FailureCatalogue;
}

/** Safaricom's M-Pesa API. Every method rejects with DarajaError, and records its call. */
export interface Daraja {
  /** Asks a customer's phone for money. The answer says that the request was taken, no more. */
  stkPush(push: StkPush): Promise<StkAccepted>;
  /** Asks how a push ended; undefined while the customer has not answered. */
  stkQuery(checkoutRequestId: string): Promise<StkResult | undefined>;
  /** Says where payments are told that customers make by themselves. */
  registerC2b(urls: C2bUrls): Promise<void>;
  /** Pays out to a customer. What became of it comes to the ResultURL. */
  b2c(payout: Payout): Promise<Queued>;
  /** Asks what became of a transaction; the answer comes to the ResultURL. */
  transactionStatus(question: TransactionQuestion): Promise<Queued>;
  /** Gives back what a customer paid; the outcome comes to the ResultURL. */
  reversal(reversal: Reversal): Promise<Queued>;
  /** Asks for the balances of our accounts; the answer comes to the ResultURL. */
  accountBalance(question: AccountBalanceQuestion): Promise<Queued>;
}

const LONGEST_DESCRIPTION = 13;

/**
 * Makes a client of Daraja. It keeps one access token, sends again once when Daraja does not know it, and nothing else
 * twice.
 *
 * Each call is a span `safaricom stk_push` and a `finance.provider.call.duration`. A request that may have arrived and
 * was not answered has the outcome `unknown`. No credential, phone number or body is recorded or is in an error. Throws
 * TypeError for a `baseUrl` that credentials must not be sent to.
 *
 * @example
 * const daraja = createDaraja({ baseUrl: "https://sandbox.safaricom.co.ke", consumerKey, consumerSecret, shortcode: "174379", passkey });
 * await payments.run({ operation: "collect", rail: "mpesa", paymentId, amount }, async (payment) => {
 *   const { references } = await daraja.stkPush({ amount, phone, reference: "INV-17", callbackUrl });
 *   payment.transition("processing");
 *   await payment.checkpoint(sql, references);
 * });
 */
export function createDaraja({ shortcode, passkey, initiator, ...options }: DarajaOptions): Daraja {
  const ask = createCaller(options);
  const attributes = { [ATTR_MPESA_SHORTCODE]: shortcode };

  function signed(asked: Asked): Fields {
    if (passkey === undefined)
      throw notARequest(asked, "there is no passkey; give createDaraja one");
    const timestamp = darajaTimestamp();
    return {
      BusinessShortCode: shortcode,
      Password: stkPassword(shortcode, passkey, timestamp),
      Timestamp: timestamp,
    };
  }

  // What is carried out later, and told to a ResultURL.
  function queue(
    asked: Asked & { operation: Flow },
    command: string,
    path: string,
    { remarks = command, occasion = "", resultUrl, timeoutUrl }: ResultUrls,
    body: () => Fields,
  ): Promise<Queued> {
    const question: Question = {
      ...asked,
      path,
      attributes: { ...attributes, [ATTR_MPESA_COMMAND_ID]: command },
      body: () => {
        if (initiator === undefined) {
          throw notARequest(asked, "there is no initiator; give createDaraja one");
        }
        return {
          [asked.operation === "b2c" ? "InitiatorName" : "Initiator"]: initiator.name,
          SecurityCredential: initiator.securityCredential,
          CommandID: command,
          ...body(),
          Remarks: remarks,
          Occasion: occasion,
          ResultURL: resultUrl,
          QueueTimeOutURL: timeoutUrl,
        };
      },
    };
    return ask(question, (fields, span) => readQueued(fields, span, asked));
  }

  return {
    stkPush({ amount, phone, reference, callbackUrl, description = "Payment", till }) {
      const asked = moves("stk_push");
      const command = till === undefined ? "CustomerPayBillOnline" : "CustomerBuyGoodsOnline";
      const question: Question = {
        ...asked,
        path: "/mpesa/stkpush/v1/processrequest",
        attributes: { ...attributes, [ATTR_MPESA_COMMAND_ID]: command },
        body: () => ({
          ...signed(asked),
          TransactionType: command,
          Amount: shillingsOf(amount, asked),
          PartyA: phoneOf(phone, asked),
          PartyB: till ?? shortcode,
          PhoneNumber: phone,
          CallBackURL: callbackUrl,
          AccountReference: referenceOf(reference, asked),
          TransactionDesc: description.slice(0, LONGEST_DESCRIPTION),
        }),
      };
      return ask(question, (fields, span) => readAccepted(fields, span, asked));
    },

    stkQuery(checkoutRequestId) {
      const asked: Asked & { operation: Flow } = {
        operation: "stk_query",
        api: "stk_push",
        kind: "asks",
      };
      const question: Question = {
        ...asked,
        path: "/mpesa/stkpushquery/v1/query",
        attributes: { ...attributes, [ATTR_MPESA_CHECKOUT_REQUEST_ID]: checkoutRequestId },
        body: () => ({ ...signed(asked), CheckoutRequestID: checkoutRequestId }),
        isTaken: isAnswered,
      };
      return ask(question, (fields) =>
        isPending(fields)
          ? undefined
          : readResult({ CheckoutRequestID: checkoutRequestId, ...fields }),
      );
    },

    async registerC2b({ confirmationUrl, validationUrl, whenSilent = "accept" }) {
      const question: Question = {
        ...moves("c2b"),
        path: "/mpesa/c2b/v2/registerurl",
        attributes,
        body: () => ({
          ShortCode: shortcode,
          ResponseType: whenSilent === "accept" ? "Completed" : "Cancelled",
          ConfirmationURL: confirmationUrl,
          ValidationURL: validationUrl,
        }),
      };
      await ask(question, () => undefined);
    },

    b2c(payout) {
      const { amount, phone, originatorConversationId, command = "BusinessPayment" } = payout;
      const asked = moves("b2c");
      return queue(asked, command, "/mpesa/b2c/v3/paymentrequest", payout, () => ({
        OriginatorConversationID: originatorConversationId,
        Amount: shillingsOf(amount, asked),
        PartyA: shortcode,
        PartyB: phoneOf(phone, asked),
      }));
    },

    transactionStatus(question) {
      const { transactionId, originatorConversationId } = question;
      const asked = asks("transaction_status");
      const path = "/mpesa/transactionstatus/v1/query";
      return queue(asked, "TransactionStatusQuery", path, question, () => {
        if (transactionId === undefined && originatorConversationId === undefined) {
          throw notARequest(asked, "give a transactionId or an originatorConversationId");
        }
        return {
          TransactionID: transactionId,
          OriginatorConversationID: originatorConversationId,
          PartyA: shortcode,
          // An organisation's short code.
          IdentifierType: "4",
        };
      });
    },

    reversal(reversal) {
      const asked = moves("reversal");
      const path = "/mpesa/reversal/v1/request";
      return queue(asked, "TransactionReversal", path, reversal, () => ({
        TransactionID: reversal.transactionId,
        Amount: shillingsOf(reversal.amount, asked),
        ReceiverParty: shortcode,
        // An organisation that gives back; the field's name is Daraja's.
        RecieverIdentifierType: "11",
      }));
    },

    accountBalance(question) {
      const path = "/mpesa/accountbalance/v1/query";
      return queue(asks("account_balance"), "AccountBalance", path, question, () => ({
        PartyA: shortcode,
        IdentifierType: "4",
      }));
    },
  };
}

function moves(flow: Flow): Asked & { operation: Flow } {
  return { operation: flow, api: flow, kind: "moves" };
}

function asks(flow: Flow): Asked & { operation: Flow } {
  return { operation: flow, api: flow, kind: "asks" };
}
