// An MCP server over streamable HTTP: a session for each agent.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { instrumentMcpServer } from "@assay/finance/mcp";
import { NodeStreamableHTTPServerTransport } from "@modelcontextprotocol/node";
import { mcpServerOf, registerAll } from "./mcp-tools.mjs";

const sessions = new Map();

async function open() {
  const trustMeta = process.argv[2] !== "distrust";
  const options = { moneyTools: ["stk_push"], trustMeta };
  const server = instrumentMcpServer(await mcpServerOf("2", {}), options);
  registerAll(server);
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  await server.connect(transport);
  return transport;
}

const listener = createServer(async (request, response) => {
  const transport = sessions.get(request.headers["mcp-session-id"]) ?? (await open());
  await transport.handleRequest(request, response);
});
listener.listen(0, "127.0.0.1", () => {
  console.log(`listening at http://127.0.0.1:${listener.address().port}/mcp`);
});
process.once("SIGTERM", () => process.exit(0));
