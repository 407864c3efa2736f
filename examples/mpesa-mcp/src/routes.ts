// oxlint-disable oxc/no-async-endpoint-handlers -- the rule is for Express; Fastify awaits its handlers.
import fastify, { type FastifyInstance } from "fastify";
import { readAmount } from "./money.ts";
import { invalidRequest, PaymentError } from "./payment-error.ts";
import type { Payment, PaymentStore } from "./payment-store.ts";
import { RESULT_COMPLETED } from "./result-codes.ts";
import type { Payments, StkResult } from "./payments.ts";

const PHONE = /^254[17]\d{8}$/;

/** The HTTP routes of the service; `payments` does the work. */
export function paymentServer(payments: Payments, store: PaymentStore): FastifyInstance {
  const app = fastify({ logger: false });

  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof PaymentError) {
      const { code, message, paymentId } = error;
      return reply.code(error.statusCode).send({ code, message, paymentId });
    }
    const statusCode = statusOf(error);
    // Fastify's own refusals may be told; of our own faults the client learns nothing.
    const message =
      statusCode < 500 && error instanceof Error ? error.message : "The payment service failed.";
    return reply.code(statusCode).send({ code: "PAYMENT_SERVICE", message });
  });

  app.get("/healthz", () => ({ status: "ok" }));

  app.post("/payments", async (request, reply) => {
    const body = objectOf(request.body);
    const idempotencyKey = request.headers["idempotency-key"];
    if (typeof idempotencyKey !== "string" || idempotencyKey === "") {
      throw invalidRequest(
        "The Idempotency-Key header is missing; send a new key for each payment.",
      );
    }
    const { phone, reference = "" } = body;
    if (typeof phone !== "string" || !PHONE.test(phone)) {
      throw invalidRequest("The phone is not a Kenyan mobile number of twelve digits from 254.");
    }
    if (typeof reference !== "string" || reference.length > 200) {
      throw invalidRequest("The reference is not a text of at most 200 characters.");
    }
    const { payment, isNew } = await valid(() =>
      payments.initiate({ phone, amount: readAmount(body), reference, idempotencyKey }),
    );
    return reply.code(isNew ? 202 : 200).send(viewOf(payment));
  });

  app.get<{ Params: { id: string } }>("/payments/:id", async (request, reply) => {
    const payment = await store.find(request.params.id);
    if (payment !== undefined) return viewOf(payment);
    return reply.code(404).send({ code: "PAYMENT_NOT_FOUND", message: "No such payment." });
  });

  app.post("/callbacks/daraja", async (request) => {
    await payments.callback(readCallback(request.body));
    return { ResultCode: 0, ResultDesc: "Accepted" };
  });

  app.post<{ Querystring: { olderThanMs?: string } }>("/reconcile", async (request) => {
    const { olderThanMs = "60000" } = request.query;
    if (!/^\d{1,9}$/.test(olderThanMs)) {
      throw invalidRequest("olderThanMs is not a number of milliseconds, such as 60000.");
    }
    return await payments.reconcile(Number(olderThanMs));
  });

  return app;
}

/** Turns the sentence of a RangeError about what was sent into a 400. */
async function valid<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RangeError ? invalidRequest(error.message) : error;
  }
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" ? status : 500;
}

function viewOf(payment: Payment): Record<string, unknown> {
  return {
    id: payment.id,
    status: payment.status,
    currency: payment.currency,
    amountMinor: Number(payment.amountMinor),
    reference: payment.reference,
    checkoutRequestId: payment.checkoutRequestId,
    resultCode: payment.resultCode,
    failureDomain: payment.failureDomain,
    receipt: payment.receipt,
    createdAt: payment.createdAt,
    updatedAt: payment.updatedAt,
  };
}

function readCallback(body: unknown): StkResult {
  const callback = objectOf(objectOf(objectOf(body).Body).stkCallback);
  const { CheckoutRequestID: checkoutRequestId, ResultCode: resultCode } = callback;
  if (typeof checkoutRequestId !== "string" || !Number.isSafeInteger(Number(resultCode))) {
    throw invalidRequest("The callback has no CheckoutRequestID and ResultCode.");
  }
  const receipt =
    String(resultCode) === RESULT_COMPLETED ? receiptOf(callback.CallbackMetadata) : undefined;
  return { checkoutRequestId, resultCode: String(resultCode), receipt };
}

// Items vary from callback to callback and are found by name.
function receiptOf(metadata: unknown): string | undefined {
  const items = objectOf(metadata).Item;
  if (!Array.isArray(items)) return undefined;
  const item = items.map(objectOf).find(({ Name }) => Name === "MpesaReceiptNumber");
  return typeof item?.Value === "string" ? item.Value : undefined;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
