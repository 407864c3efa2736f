import { diag, type Span } from "@opentelemetry/api";
import { ATTR_FINANCE_IDEMPOTENCY_KEY_HASH } from "@assay/semconv";
import type { McpRequest } from "./mcp-request.ts";
import type { Parts, Result } from "./mcp-server.ts";
import { securityEvent } from "./security-event.ts";

/** The answer to a call of a money tool that has no idempotency key; undefined when it has one, which is recorded. */
export function refuseWithoutKey(
  { target, args, meta }: McpRequest,
  name: string,
  span: Span,
): Result | undefined {
  const key = args[name] ?? meta[name];
  if (typeof key === "string" && key.trim() !== "") {
    // The gate makes a keyed hash of it.
    span.setAttribute(ATTR_FINANCE_IDEMPOTENCY_KEY_HASH, key);
    return undefined;
  }
  const attributes = { "gen_ai.tool.name": target };
  securityEvent({
    type: "missing_idempotency_key",
    severity: "medium",
    action: "denied",
    attributes,
  });
  const text = `${target} moves money and needs an idempotency key: call it again with a text of your own as "${name}", and with the same text for each retry of this payment.`;
  return { isError: true, content: [{ type: "text", text }] };
}

// Once for each: a server may live for one request.
const warned = new Set<string>();

/** Warns of money tools that the server does not have: a name that is written wrong guards nothing. */
export function warnOfMissingTools(moneyTools: Iterable<string>, { has }: Parts): void {
  for (const tool of moneyTools) {
    if (has("tools/call", tool) || warned.has(tool)) continue;
    warned.add(tool);
    diag.warn(
      `moneyTools has "${tool}", which is no tool of this server; nothing asks for its key.`,
    );
  }
}
