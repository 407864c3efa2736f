import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { INSTRUMENT_MCP_SERVER_OPERATION_DURATION } from "@assay/semconv";
import { createHistogram, isMeterNoop, perMeter, SCOPE } from "./instruments.ts";
import { parentOf } from "./mcp-caller.ts";
import type { McpRequest } from "./mcp-request.ts";
import type { Result } from "./mcp-server.ts";
import { currentTenant, setTenant } from "./tenant.ts";
import { currentUser, setUser } from "./user.ts";

const durations = perMeter(() => createHistogram(INSTRUMENT_MCP_SERVER_OPERATION_DURATION));

/** What went wrong, in the words of OpenTelemetry's conventions. */
interface Fault {
  "error.type": string;
  "rpc.response.status_code"?: string;
}

/** Answers a request in a span of its own, and records how long it took. */
export async function observeRequest(
  { spanName: name, meta, attributes, labels }: McpRequest,
  isTrusted: boolean,
  answer: (span: Span) => Result | Promise<Result>,
): Promise<Result> {
  const parent = parentOf(meta, isTrusted);
  const options = { kind: SpanKind.SERVER, attributes, links: parent.links };
  const span = trace.getTracer(SCOPE).startSpan(name, options, parent.context);
  const tenant = currentTenant();
  const user = currentUser();
  if (tenant !== undefined) setTenant(span, tenant);
  if (user !== undefined) setUser(span, user);
  const startedAt = performance.now();
  const end = (fault?: Fault): void => {
    if (fault !== undefined) span.setAttributes({ ...fault });
    if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    if (isMeterNoop()) return;
    const seconds = (performance.now() - startedAt) / 1_000;
    durations().record(seconds, { ...labels, ...fault });
  };
  try {
    const result = await context.with(trace.setSpan(parent.context, span), () => answer(span));
    end(result.isError === true ? { "error.type": "tool_error" } : undefined);
    return result;
  } catch (error) {
    const fault = faultOf(error);
    // A code is an answer to the caller; its message may repeat what the caller sent.
    if (fault["rpc.response.status_code"] === undefined) {
      span.recordException(error instanceof Error ? error : String(error));
    }
    end(fault);
    throw error;
  }
}

function faultOf(error: unknown): Fault {
  const { code, name } = (typeof error === "object" && error !== null ? error : {}) as {
    code?: unknown;
    name?: unknown;
  };
  if (Number.isSafeInteger(code)) {
    return { "error.type": String(code), "rpc.response.status_code": String(code) };
  }
  return { "error.type": typeof name === "string" ? name : "_OTHER" };
}
