import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const COLLECTION = { phone: "254712345601", amount: "1500.00", reference: "canary-reference" };

interface Agent extends AsyncDisposable {
  call(name: string, args: Record<string, unknown>): Promise<{ isError: boolean; said: unknown }>;
}

async function agentOf(tenant: string, url: string, mode: "legacy" | "auto"): Promise<Agent> {
  const client = new Client({ name: "agent", version: "1" }, { versionNegotiation: { mode } });
  const requestInit = { headers: { "x-tenant": tenant } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  return {
    async call(name, args) {
      const request = { name, arguments: args, _meta: { traceparent: `00-${TRACE}-${SPAN}-01` } };
      const { content, isError = false } = await client.callTool(request);
      const [first] = content as { text: string }[];
      const text = first!.text;
      return {
        isError,
        said: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
      };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

test.each([
  // A server that lives for one request was not there when the version was agreed.
  ["legacy", "undefined"],
  ["auto", "2026-07-28"],
] as const)(
  "an agent that negotiates %s collects and asks for its tenant only, below its own span (%s)",
  async (mode, version) => {
    await using receiver = await startOtlpReceiver();
    await using app = await spawnService({
      name: "the agent's endpoint",
      command: process.execPath,
      args: ["--require", "@assay/node/register", "mpesa-agent-service.ts"],
      cwd: import.meta.dirname,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ASSAY_START_LINE: "false" },
      ready: /listening at/,
    });
    const url = /listening at (\S+)/.exec(app.output())![1]!;
    await using duka = await agentOf("duka", url, mode);
    await using other = await agentOf("other", url, mode);

    const payment = {
      id: "pay_duka_1",
      status: "processing",
      currency: "KES",
      amount: "1500.00",
      failureDomain: null,
      createdAt: "1970-01-01T00:00:00.000Z",
    };
    const keyed = { ...COLLECTION, idempotencyKey: "order-77-canary" };
    expect(await duka.call("stk_push", COLLECTION)).toEqual({
      isError: true,
      said: expect.stringMatching(/^stk_push moves money and needs an idempotency key: /),
    });
    expect(await duka.call("stk_push", keyed)).toEqual({ isError: false, said: payment });
    expect(await duka.call("stk_push", { ...keyed, amount: "1.50" })).toEqual({
      isError: true,
      said: { code: "PAYMENT_INVALID", message: expect.stringContaining("whole shillings only") },
    });
    expect(await duka.call("stk_push", { ...keyed, reference: "BROKEN" })).toEqual({
      isError: true,
      said: "The payment service failed.",
    });
    expect(await duka.call("payment_status", { id: payment.id })).toEqual({
      isError: false,
      said: payment,
    });
    expect(await other.call("payment_status", { id: payment.id })).toEqual({
      isError: true,
      said: { code: "PAYMENT_NOT_FOUND", message: "No such payment." },
    });
    expect(await duka.call("list_payments", {})).toEqual({ isError: false, said: [payment] });
    expect(await other.call("list_payments", {})).toEqual({ isError: false, said: [] });
    await app.stop();

    const calls = receiver
      .spans()
      .filter(({ scope }) => scope.name === "@assay/finance")
      .map(({ name, traceId, parentSpanId, links, attributes }) => ({
        call: `${name} ${String(attributes["finance.tenant.id"])} ${"error.type" in attributes ? "refused" : "done"}`,
        isAgents: traceId === TRACE && parentSpanId === SPAN && links.length === 1,
        over: `${String(attributes["network.protocol.name"])} ${String(attributes["mcp.protocol.version"])}`,
      }));
    const over = `http ${version}`;
    expect(calls).toEqual(
      [
        "tools/call stk_push duka refused",
        "tools/call stk_push duka done",
        "tools/call stk_push duka refused",
        "tools/call stk_push duka refused",
        "tools/call payment_status duka done",
        "tools/call payment_status other refused",
        "tools/call list_payments duka done",
        "tools/call list_payments other done",
      ].map((call) => ({ call, isAgents: true, over })),
    );
    const sent = JSON.stringify(receiver.requests.map(({ body }) => body));
    expect(sent.match(/254712345601|canary-reference|order-77-canary/g)).toBeNull();
  },
);
