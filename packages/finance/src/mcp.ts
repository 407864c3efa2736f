import { diag, trace } from "@opentelemetry/api";
import { type Handler, type McpServerLike, METHODS, partsOf } from "./mcp-server.ts";
import { observeRequest } from "./mcp-observe.ts";
import { readRequest } from "./mcp-request.ts";
import { refuseWithoutKey, warnOfMissingTools } from "./mcp-money.ts";

export type { McpServerLike } from "./mcp-server.ts";

export interface McpOptions {
  /** Tools that move money: a call without an idempotency key is refused before the tool runs. */
  moneyTools?: readonly string[];
  /** The argument of a money tool that holds its idempotency key, or the entry of `_meta`. */
  idempotencyKey?: string;
  /**
   * Whether the trace in `_meta` may be continued where that of trace headers is; when false it is linked to. A proxy
   * that takes strangers' headers away leaves what is in `_meta`.
   */
  trustMeta?: boolean;
}

// A server that is instrumented again gets more money tools, and no second span.
const instrumented = new WeakMap<object, Set<string>>();

/**
 * Makes a span and a duration of every tool call, resource read and prompt that a Model Context Protocol server answers.
 *
 * The span's parent is the caller's from `_meta`, taken by the rule that holds for trace headers; the span of the HTTP
 * request is linked to. Arguments and results are not recorded. An error of a tool is recorded and goes its way unchanged.
 *
 * Takes `McpServer` of `@modelcontextprotocol/server` 2 and of `@modelcontextprotocol/sdk` 1, before or after its tools
 * are registered, and gives it back. Of another server it makes nothing and warns; with `moneyTools` it throws, since
 * nobody would ask for the key.
 *
 * @example instrumentMcpServer(new McpServer({ name: "payments", version: "1.0.0" }), { moneyTools: ["stk_push"] });
 */
export function instrumentMcpServer<Server extends McpServerLike>(
  server: Server,
  { moneyTools = [], idempotencyKey = "idempotencyKey", trustMeta = true }: McpOptions = {},
): Server {
  const known = instrumented.get(server);
  for (const tool of moneyTools) known?.add(tool);
  if (known !== undefined) return server;
  const parts = partsOf(server);
  if (parts === undefined) {
    const unknown = "instrumentMcpServer does not know this server; use McpServer of";
    const message = `${unknown} @modelcontextprotocol/server 2 or @modelcontextprotocol/sdk 1.`;
    if (moneyTools.length > 0) throw new TypeError(message);
    diag.warn(message);
    return server;
  }
  const needsKey = new Set(moneyTools);
  instrumented.set(server, needsKey);
  let hasCalls = false;
  const observe =
    (handler: Handler): Handler =>
    async (request, extra) => {
      // By the first call all tools are registered.
      if (!hasCalls) warnOfMissingTools(needsKey, parts);
      hasCalls = true;
      const read = readRequest(request, extra, parts);
      return observeRequest(read, trustMeta, (span) => {
        const refusal = needsKey.has(read.target)
          ? refuseWithoutKey(read, idempotencyKey, span)
          : undefined;
        return refusal ?? handler(request, extra);
      });
    };
  const observed = new WeakSet<Handler>();
  const observeAll = (): void => {
    for (const method of METHODS) {
      const handler = parts.handlers.get(method);
      if (handler === undefined || observed.has(handler)) continue;
      const outer = observe(handler);
      observed.add(outer);
      parts.handlers.set(method, outer);
    }
  };
  parts.onHandlerSet(observeAll);
  observeAll();
  parts.onToolThrew((error) => {
    // The server makes a result of what a tool throws, in which nothing of the error is left but its message.
    trace.getActiveSpan()?.recordException(error instanceof Error ? error : String(error));
  });
  return server;
}
