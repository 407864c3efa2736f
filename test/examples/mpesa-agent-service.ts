// The agent's endpoint of the example over payments that are kept in memory, one list for each tenant.
import { currentTenant, withTenant } from "@assay/finance";
import fastify from "fastify";
import { agentEndpoint, type AgentPayment } from "../../examples/mpesa-mcp/src/mcp.ts";

const lists = new Map<string, AgentPayment[]>();

/** The list of the tenant on whose behalf a tool runs. */
function own(): { tenant: string; list: AgentPayment[] } {
  const tenant = currentTenant()!.id;
  const list = lists.get(tenant) ?? [];
  lists.set(tenant, list);
  return { tenant, list };
}

const endpoint = agentEndpoint({
  async collect({ amount, reference }) {
    if (reference === "BROKEN") throw new Error("connection to 10.2.3.4 refused");
    const { tenant, list } = own();
    const payment = {
      id: `pay_${tenant}_${list.length + 1}`,
      status: "processing",
      currency: amount.currency,
      amountMinor: amount.minor,
      failureDomain: null,
      createdAt: new Date(0),
    };
    list.unshift(payment);
    return payment;
  },
  find: async (id) => own().list.find((payment) => payment.id === id),
  list: async (limit) => own().list.slice(0, limit),
});

const app = fastify({ logger: false });
app.all("/mcp", async ({ raw, body, headers }, reply) => {
  reply.hijack();
  await withTenant({ id: String(headers["x-tenant"]) }, () => endpoint(raw, reply.raw, body));
});
console.log(`listening at ${await app.listen({ port: 0, host: "127.0.0.1" })}/mcp`);
process.once("SIGTERM", () => process.exit(0));
