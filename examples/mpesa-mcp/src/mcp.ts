import type { IncomingMessage, ServerResponse } from "node:http";
import { TenantMismatchError } from "@assay/finance";
import { instrumentMcpServer } from "@assay/finance/mcp";
import { decimalOf, money, type Money } from "@assay/semconv";
import { type NodeIncomingMessageLike, toNodeHandler } from "@modelcontextprotocol/node";
import { type CallToolResult, createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { readAmount, wholeShillings } from "./money.ts";
import { invalidRequest, PaymentError } from "./payment-error.ts";

/** What an agent asks to be collected. */
export interface AgentCollection {
  phone: string;
  amount: Money;
  shillings: bigint;
  reference: string;
  idempotencyKey: string;
}

/** A payment as the agent's tools read it. */
export interface AgentPayment {
  id: string;
  status: string;
  currency: string;
  amountMinor: bigint;
  failureDomain: string | null;
  createdAt: Date;
}

/** The payments of the tenant on whose behalf the request runs. */
export interface AgentPayments {
  collect(collection: AgentCollection): Promise<AgentPayment>;
  find(id: string): Promise<AgentPayment | undefined>;
  /** The newest first. */
  list(limit: number): Promise<AgentPayment[]>;
}

/** Answers a request whose body has been parsed. */
export type AgentEndpoint = (
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
) => Promise<void>;

const collection = z.object({
  phone: z
    .string()
    .regex(/^254[17]\d{8}$/)
    .describe("Kenyan mobile number, such as 254712345678."),
  amount: z.string().describe('Kenyan shillings as a decimal text, such as "1500.00".'),
  reference: z.string().max(200).default(""),
  idempotencyKey: z
    .string()
    .min(1)
    .max(200)
    .describe("New for each payment, the same for a retry."),
});
const one = z.object({ id: z.string().max(100) });
const some = z.object({ limit: z.int().min(1).max(50).default(10) });

/**
 * The payments as tools of the Model Context Protocol, for `/mcp` of an HTTP server: each request gets a server of its
 * own, in the context, and so on behalf of the tenant, that it is answered in.
 *
 * An agent sees neither phone numbers nor references: a reference is free text of a stranger, which an agent might obey.
 */
export function agentEndpoint(payments: AgentPayments): AgentEndpoint {
  const handle = toNodeHandler(createMcpHandler(() => agentServer(payments)));
  // Node's type has a method that may be undefined, the adapter's one that may be absent.
  return (request, response, body) => handle(request as NodeIncomingMessageLike, response, body);
}

function agentServer(payments: AgentPayments): McpServer {
  const server = new McpServer({ name: "mpesa", version: "1.0.0" });
  instrumentMcpServer(server, { moneyTools: ["stk_push"] });
  const description =
    "Asks a customer to pay by M-Pesa; the answer is known later, by payment_status.";
  const annotations = { idempotentHint: true, destructiveHint: true };
  server.registerTool(
    "stk_push",
    { description, inputSchema: collection, annotations },
    async ({ amount, ...wanted }) =>
      await answer(async () => {
        const read = amountOf(amount);
        return viewOf(await payments.collect({ ...wanted, ...read }));
      }),
  );
  server.registerTool(
    "payment_status",
    { description: "The state of one payment.", inputSchema: one, annotations: readOnly },
    async ({ id }) =>
      await answer(async () => {
        const found = await payments.find(id);
        if (found === undefined)
          throw new PaymentError("PAYMENT_NOT_FOUND", 404, "No such payment.");
        return viewOf(found);
      }),
  );
  server.registerTool(
    "list_payments",
    { description: "The newest payments.", inputSchema: some, annotations: readOnly },
    async ({ limit }) => await answer(async () => (await payments.list(limit)).map(viewOf)),
  );
  return server;
}

const readOnly = { readOnlyHint: true };

async function answer(work: () => Promise<object>): Promise<CallToolResult> {
  try {
    return resultOf(await work());
  } catch (error) {
    if (error instanceof PaymentError || error instanceof TenantMismatchError) {
      const { code, message } = error;
      const paymentId = error instanceof PaymentError ? error.paymentId : undefined;
      return { ...resultOf({ code, message, paymentId }), isError: true };
    }
    // The protocol's server tells the agent the message of what is thrown; of our own faults it learns nothing.
    throw new Error("The payment service failed.", { cause: error });
  }
}

function amountOf(text: string): { amount: Money; shillings: bigint } {
  try {
    const amount = readAmount({ amount: text });
    return { amount, shillings: wholeShillings(amount) };
  } catch (error) {
    throw error instanceof RangeError ? invalidRequest(error.message) : error;
  }
}

function resultOf(value: object): CallToolResult {
  return { content: [{ type: "text", text: JSON.stringify(value) }] };
}

function viewOf({ id, status, currency, amountMinor, failureDomain, createdAt }: AgentPayment) {
  const amount = decimalOf(money(currency, amountMinor));
  return { id, status, currency, amount, failureDomain, createdAt };
}
