import { diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { instrumentMcpServer } from "../src/mcp.ts";
import type { Handler } from "../src/mcp-server.ts";

// What the libraries' servers do is asked of them in test/finance/mcp.test.ts.
let warnings: string[] = [];
const keep = (message: string): void => void warnings.push(message);

beforeEach(() => {
  warnings = [];
  diag.setLogger({ error: keep, warn: keep, info() {}, debug() {}, verbose() {} });
});
afterEach(() => {
  diag.disable();
});

test("a server that is not known is given back with a warning, and refused when it has money tools", () => {
  const server = { server: { setRequestHandler() {} } };
  expect(instrumentMcpServer(server)).toBe(server);
  const sentence =
    "instrumentMcpServer does not know this server; use McpServer of @modelcontextprotocol/server 2 or @modelcontextprotocol/sdk 1.";
  expect(warnings).toEqual([sentence]);
  expect(() => instrumentMcpServer(server, { moneyTools: ["stk_push"] })).toThrow(
    new TypeError(sentence),
  );
});

test("a money tool that the server does not have is told once, since its real name has no guard", async () => {
  for (let session = 0; session < 2; session += 1) {
    const handlers = new Map<string, Handler>([["tools/call", async () => ({ content: [] })]]);
    const server = {
      server: { _requestHandlers: handlers, setRequestHandler() {} },
      executeToolHandler() {},
      _registeredTools: { stk_push: {} },
      _registeredPrompts: {},
      _registeredResources: {},
    };
    instrumentMcpServer(server, { moneyTools: ["stkpush"] });
    const request = { method: "tools/call" as const, params: { name: "stk_push" } };
    expect(await handlers.get("tools/call")!(request, {})).toEqual({ content: [] });
  }
  expect(warnings).toEqual([
    'moneyTools has "stkpush", which is no tool of this server; nothing asks for its key.',
  ]);
});
