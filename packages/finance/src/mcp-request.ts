import type { FinanceAttributes, MetricAttributes } from "@assay/semconv";
import type { Extra, Method, Parts, Request } from "./mcp-server.ts";

/** What telemetry knows of a request to an MCP server. */
export interface McpRequest {
  method: Method;
  /** Name of the tool or prompt, or the resource's URI, as the caller wrote it. */
  target: string;
  /** What the span is called: with the name of what the server has, and without one that a caller made up. */
  spanName: string;
  attributes: FinanceAttributes;
  labels: MetricAttributes["mcp.server.operation.duration"];
  args: Readonly<Record<string, unknown>>;
  meta: Readonly<Record<string, unknown>>;
}

/** The name on a metric of a tool that the server does not have. */
const OTHER = "_OTHER";

/** Reads a request. Of its arguments nothing comes into `attributes` and `labels`. */
export function readRequest(
  { method, params = {} }: Request,
  extra: Extra,
  parts: Parts,
): McpRequest {
  const named = method === "resources/read" ? params.uri : params.name;
  const target = typeof named === "string" ? named : "";
  const isKnown = parts.has(method, target);
  const { id, _meta: meta } = extra.mcpReq ?? { id: extra.requestId, ...extra };
  const labels = {
    "mcp.method.name": method,
    ...(method === "tools/call" && {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": isKnown ? target : OTHER,
    }),
    ...transportOf(extra, parts),
  };
  return {
    method,
    target,
    spanName: isKnown && method !== "resources/read" ? `${method} ${target}` : method,
    labels,
    attributes: {
      ...labels,
      ...(method === "tools/call" && { "gen_ai.tool.name": target }),
      ...(method === "prompts/get" && { "gen_ai.prompt.name": target }),
      // Any other URI has in it what the caller asks for.
      ...(method === "resources/read" && isKnown && { "mcp.resource.uri": target }),
      ...((typeof id === "string" || typeof id === "number") && {
        "jsonrpc.request.id": String(id),
      }),
      ...(extra.sessionId !== undefined && { "mcp.session.id": extra.sessionId }),
    },
    args: recordOf(params.arguments),
    meta: meta ?? {},
  };
}

function transportOf({ http, requestInfo }: Extra, parts: Parts): FinanceAttributes {
  const version = parts.protocolVersion();
  const isHttp = http?.req !== undefined || requestInfo !== undefined;
  return {
    ...(version !== undefined && { "mcp.protocol.version": version }),
    ...(isHttp && { "network.transport": "tcp", "network.protocol.name": "http" }),
    ...(!isHttp && parts.isPiped() && { "network.transport": "pipe" }),
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
