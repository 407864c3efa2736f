// An MCP server over the standard streams.
import { instrumentMcpServer } from "@assay/finance/mcp";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { mcpServerOf, registerAll } from "./mcp-tools.mjs";

const server = instrumentMcpServer(await mcpServerOf("2", {}), { moneyTools: ["stk_push"] });
registerAll(server);
await server.connect(new StdioServerTransport());
