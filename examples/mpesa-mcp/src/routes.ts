// oxlint-disable oxc/no-async-endpoint-handlers -- the rule is for Express; Fastify awaits its handlers.
import { assertTenant, createRateLimit, TenantMismatchError, withTenant } from "@assay/finance";
import { readStkCallback } from "@assay/finance/daraja";
import { logs, SeverityNumber } from "@opentelemetry/api";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AcrossTenants } from "./across-tenants.ts";
import type { Collection, Collections } from "./collections.ts";
import { agentEndpoint } from "./mcp.ts";
import { readAmount, wholeShillings } from "./money.ts";
import {
  invalidRequest,
  PaymentError,
  paymentNotFound,
  tooManyRequests,
  unknownKey,
} from "./payment-error.ts";
import { TENANTS } from "./tenants.ts";
import type { PaymentRow, PaymentStore } from "./payment-store.ts";

const PHONE = /^254[17]\d{8}$/;

export interface PaymentServerOptions {
  collections: Collections;
  store: PaymentStore;
  across: AcrossTenants;
  /** Of each tenant. */
  requestsPerMinute: number;
}

/** The HTTP routes of the service; `collections` does the work. */
export function paymentServer({
  collections,
  store,
  across,
  requestsPerMinute,
}: PaymentServerOptions): FastifyInstance {
  const app = fastify({ logger: false });
  const logger = logs.getLogger("mpesa-mcp");

  const perTenant = createRateLimit({
    policy: "api_per_tenant",
    scope: "tenant",
    tiers: [...new Set(TENANTS.map(({ tier }) => tier))],
    limit: requestsPerMinute,
    windowSeconds: 60,
  });

  /** Does the work of a request on behalf of the tenant whose API key it has, as often as the tenant may. */
  async function onBehalf<T>(
    { headers }: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<T>,
  ): Promise<T> {
    const [, apiKey = ""] = /^Bearer (\S+)$/.exec(headers.authorization ?? "") ?? [];
    const tenant = await across.tenantOfKey(apiKey);
    if (tenant === undefined) throw unknownKey();
    return await withTenant(tenant, async () => {
      const taken = perTenant.take(tenant.id);
      reply.headers(taken.headers);
      if (!taken.isAllowed) throw tooManyRequests();
      return await work();
    });
  }

  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof PaymentError) {
      const { code, message, paymentId } = error;
      return reply.code(error.statusCode).send({ code, message, paymentId });
    }
    if (error instanceof TenantMismatchError) {
      return reply.code(403).send({ code: error.code, message: `No: ${error.message}.` });
    }
    const statusCode = statusOf(error);
    // Fastify's own refusals may be told; of our own faults the client learns nothing.
    const message =
      statusCode < 500 && error instanceof Error ? error.message : "The payment service failed.";
    return reply.code(statusCode).send({ code: "PAYMENT_SERVICE", message });
  });

  app.get("/healthz", () => ({ status: "ok" }));

  async function find(id: string): Promise<PaymentRow | undefined> {
    const owned = await across.ownerOf(id);
    if (owned === undefined) return undefined;
    // Row-level security would give nothing; this also tells those who watch that somebody tried.
    assertTenant(owned.tenant.id, { resourceType: "payment" });
    return await store.find(id);
  }

  app.post("/payments", (request, reply) =>
    onBehalf(request, reply, async () => {
      const collection = readCollection(request);
      const { row, isNew } = await collections.initiate(collection);
      logger.emit({
        severityNumber: SeverityNumber.INFO,
        severityText: "INFO",
        // The reference is free text that a person typed; what must not leave is the gate's business.
        body: `collection accepted, reference ${collection.reference}`,
      });
      return reply.code(isNew ? 202 : 200).send(viewOf(row));
    }),
  );

  app.get<{ Params: { id: string } }>("/payments/:id", (request, reply) =>
    onBehalf(request, reply, async () => {
      const row = await find(request.params.id);
      if (row === undefined) throw paymentNotFound();
      return viewOf(row);
    }),
  );

  const agents = agentEndpoint({
    collect: async (collection) => (await collections.initiate(collection)).row,
    find,
    list: (limit) => store.list(limit),
  });
  app.all("/mcp", (request, reply) =>
    onBehalf(request, reply, async () => {
      reply.hijack();
      await agents(request.raw, reply.raw, request.body);
    }),
  );

  // The payment's id in the path: a callback may come before we know Daraja's id for the payment, or be all that comes.
  app.post<{ Params: { id: string } }>("/callbacks/daraja/:id", async (request) => {
    const result = readStkCallback(request.body);
    if (result === undefined) {
      throw invalidRequest("The callback has no CheckoutRequestID and ResultCode.");
    }
    await collections.callback(request.params.id, result);
    return { ResultCode: 0, ResultDesc: "Accepted" };
  });

  app.post<{ Querystring: { olderThanMs?: string } }>("/reconcile", async (request, reply) => {
    const { olderThanMs = "60000" } = request.query;
    if (!/^\d{1,9}$/.test(olderThanMs)) {
      throw invalidRequest("olderThanMs is not a number of milliseconds, such as 60000.");
    }
    return await onBehalf(request, reply, () => collections.reconcile(Number(olderThanMs)));
  });

  return app;
}

function readCollection({ body, headers }: FastifyRequest): Collection {
  const idempotencyKey = headers["idempotency-key"];
  if (typeof idempotencyKey !== "string" || idempotencyKey === "") {
    throw invalidRequest("The Idempotency-Key header is missing; send a new key for each payment.");
  }
  const sent = objectOf(body);
  const { phone, reference = "" } = sent;
  if (typeof phone !== "string" || !PHONE.test(phone)) {
    throw invalidRequest("The phone is not a Kenyan mobile number of twelve digits from 254.");
  }
  if (typeof reference !== "string" || reference.length > 200) {
    throw invalidRequest("The reference is not a text of at most 200 characters.");
  }
  try {
    return { phone, amount: wholeShillings(readAmount(sent)), reference, idempotencyKey };
  } catch (error) {
    throw error instanceof RangeError ? invalidRequest(error.message) : error;
  }
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" ? status : 500;
}

function viewOf(payment: PaymentRow): Record<string, unknown> {
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

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
