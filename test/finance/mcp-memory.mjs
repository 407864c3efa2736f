// An agent and an MCP server in one process, over the library's transport in memory: node mcp-memory.mjs <version> <order>
import { instrumentMcpServer } from "@assay/finance/mcp";
import { context, trace } from "@opentelemetry/api";
import { mcpServerOf, registerAll } from "./mcp-tools.mjs";

const [version, order] = process.argv.slice(2);
const tracer = trace.getTracer("agent");
const { Client, InMemoryTransport } =
  version === "2"
    ? await import("@modelcontextprotocol/client")
    : {
        ...(await import("@modelcontextprotocol/sdk/client/index.js")),
        ...(await import("@modelcontextprotocol/sdk/inMemory.js")),
      };
const capabilities = { tools: {}, resources: {}, prompts: {} };
const server = await mcpServerOf(version, order === "declared" ? { capabilities } : {});
const options = { moneyTools: ["stk_push"] };
const later = () => new Promise((resolve) => setImmediate(resolve));
const work = (n) =>
  tracer.startActiveSpan(`work ${n}`, async (span) => {
    await later();
    span.end();
  });
if (order !== "late") instrumentMcpServer(server, options);
registerAll(server, work);
if (order === "late") instrumentMcpServer(server, options);
instrumentMcpServer(server);

const client = new Client({ name: "agent", version: "1.0.0" });
const [near, far] = InMemoryTransport.createLinkedPair();
await Promise.all([server.connect(far), client.connect(near)]);

/** Asks in a span of the agent's, whose trace goes along in `_meta` alone. */
async function ask(name, request) {
  const span = tracer.startSpan(`agent ${name}`, {}, context.active());
  const { traceId, spanId } = span.spanContext();
  const meta = { traceparent: `00-${traceId}-${spanId}-01` };
  try {
    return await request(meta);
  } catch (error) {
    return { failed: error.message };
  } finally {
    span.end();
  }
}
const call = (name, args, label = name) =>
  ask(label, (meta) => client.callTool({ name, arguments: args, _meta: meta }));

const answers = {};
await Promise.all(
  Array.from({ length: 20 }, (_, n) => call("lookup", { n, canary: "canary-of-an-argument" }, n)),
);
answers.keyless = await call("stk_push", { phone: "254712345678" });
answers.blank = await call("stk_push", { phone: "254712345678", idempotencyKey: " " }, "blank");
const keyed = { phone: "254712345678", idempotencyKey: "order-77-canary" };
answers.keyed = await call("stk_push", keyed, "keyed");
answers.meta = await ask("meta", (meta) =>
  client.callTool({
    name: "stk_push",
    arguments: { phone: "254712345678" },
    _meta: { ...meta, idempotencyKey: "order-77-canary" },
  }),
);
answers.refuses = await call("refuses", {});
answers.throws = await call("throws", {});
answers.unknown = await call("canary-of-a-name", {}, "unknown");
answers.invalid = await call("lookup", { n: "canary-of-an-argument" }, "invalid");
answers.resource = await ask("resource", (meta) =>
  client.readResource({ uri: "config://rails", _meta: meta }),
);
answers.missing = await ask("missing", (meta) =>
  client.readResource({ uri: "config://canary-of-a-uri", _meta: meta }),
);
answers.prompt = await ask("prompt", (meta) =>
  client.getPrompt({
    name: "explain",
    arguments: { topic: "canary-of-an-argument" },
    _meta: meta,
  }),
);
answers.garbage = await client.callTool({
  name: "refuses",
  arguments: {},
  _meta: { traceparent: { a: 1 }, tracestate: 7, baggage: ["x"] },
});
await client.close();
process.stdout.write(JSON.stringify(answers));
