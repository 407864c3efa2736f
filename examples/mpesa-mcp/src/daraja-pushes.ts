import { randomInt } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import { badRequest, type DarajaAnswer, ok, refuse } from "./daraja-answer.ts";
import { postCallback, type Push, receiptNumber } from "./daraja-callback.ts";
import { darajaTimestamp } from "./daraja-credentials.ts";
import { scenarioOf } from "./scenarios.ts";

type Body = Record<string, unknown>;

/** STK pushes and the customers who answer them. */
export interface Pushes {
  /** Takes a push as its scenario wants; `isGone` resolves when the caller has hung up. */
  take(body: Body, isGone: Promise<unknown>): Promise<DarajaAnswer>;
  query(body: Body): DarajaAnswer;
}

export interface PushesOptions {
  answerMs: number;
  lateAnswerMs: number;
  signal: AbortSignal;
}

export function stkPushes({ answerMs, lateAnswerMs, signal }: PushesOptions): Pushes {
  const pushes = new Map<string, Push>();

  async function answerAsCustomer(push: Push): Promise<void> {
    try {
      const delay = push.scenario.isLate === true ? lateAnswerMs : answerMs;
      await after(delay, undefined, { signal });
      push.isAnswered = true;
      for (let sent = 0; sent < push.scenario.callbacks; sent += 1) {
        await postCallback(push, signal);
      }
    } catch (error) {
      // A callback to a service that is away is lost, as with the real one; the query still tells.
      if (!signal.aborted) console.error(`daraja: callback lost: ${String(error)}`);
    }
  }

  return {
    async take(body, isGone) {
      const push = readPush(body);
      if (typeof push === "string") return badRequest(push);
      const { scenario, merchantRequestId, checkoutRequestId } = push;
      if (scenario.refusal !== undefined) return refuse(scenario.refusal);
      pushes.set(checkoutRequestId, push);
      if (scenario.acknowledged === "never") await isGone;
      const answered = answerAsCustomer(push);
      if (scenario.acknowledged === "after") await answered;
      return ok({
        MerchantRequestID: merchantRequestId,
        CheckoutRequestID: checkoutRequestId,
        ResponseCode: "0",
        ResponseDescription: "Success. Request accepted for processing",
        CustomerMessage: "Success. Request accepted for processing",
      });
    },

    query(body) {
      const found = pushes.get(String(body.CheckoutRequestID));
      if (found === undefined) return badRequest("Invalid CheckoutRequestID");
      if (!found.isAnswered) {
        return refuse({
          status: 500,
          errorCode: "500.001.1001",
          errorMessage: "The transaction is being processed",
        });
      }
      return ok({
        ResponseCode: "0",
        ResponseDescription: "The service request has been accepted successsfully",
        MerchantRequestID: found.merchantRequestId,
        CheckoutRequestID: found.checkoutRequestId,
        ResultCode: String(found.scenario.result.code),
        ResultDesc: found.scenario.result.description,
      });
    },
  };
}

/** Reads a push; what is wrong with it as text. */
function readPush(body: Body): Push | string {
  const amount = Number(body.Amount);
  if (!Number.isSafeInteger(amount) || amount < 1) return "Invalid Amount";
  const phone = String(body.PhoneNumber);
  if (!/^254\d{9}$/.test(phone)) return "Invalid PhoneNumber";
  const now = darajaTimestamp();
  const day = `${now.slice(6, 8)}${now.slice(4, 6)}${now.slice(0, 4)}${now.slice(8)}`;
  return {
    scenario: scenarioOf(phone),
    merchantRequestId: `${randomInt(10_000, 99_999)}-${randomInt(10_000_000, 99_999_999)}-1`,
    checkoutRequestId: `ws_CO_${day}${randomInt(100_000, 999_999)}`,
    amount,
    phone,
    callbackUrl: String(body.CallBackURL),
    receipt: receiptNumber(),
    isAnswered: false,
  };
}
