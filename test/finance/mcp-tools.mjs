// An MCP server of version 2 or 1, with tools that do each thing that can happen.
import { z } from "zod";

const CANARY = "canary-of-a-result";
const text = (content) => ({ content: [{ type: "text", text: content }] });

export async function mcpServerOf(version, options) {
  const { McpServer } =
    version === "2"
      ? await import("@modelcontextprotocol/server")
      : await import("@modelcontextprotocol/sdk/server/mcp.js");
  return new McpServer({ name: "payments", version: "1.0.0" }, options);
}

/** `work` runs in the tool `lookup`; its span is below the call's. */
export function registerAll(server, work = async () => {}) {
  const inputSchema = (shape) => ({ inputSchema: z.object(shape) });
  const collect = inputSchema({ phone: z.string(), idempotencyKey: z.string().optional() });
  server.registerTool("stk_push", collect, async ({ phone }) => text(`${CANARY} ${phone}`));
  server.registerTool("lookup", inputSchema({ n: z.number() }), async ({ n }) => {
    await work(n);
    return text(`${CANARY} ${n}`);
  });
  server.registerTool("refuses", {}, async () => ({ ...text(CANARY), isError: true }));
  server.registerTool("throws", {}, async () => {
    throw new RangeError("the ledger is closed");
  });
  server.registerResource("rails", "config://rails", {}, async ({ href: uri }) => ({
    contents: [{ uri, text: CANARY }],
  }));
  server.registerPrompt("explain", { argsSchema: { topic: z.string() } }, async ({ topic }) => ({
    messages: [{ role: "user", content: { type: "text", text: `${CANARY} ${topic}` } }],
  }));
}
