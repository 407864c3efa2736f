/** A server of the Model Context Protocol, by what an application sees of it. */
export interface McpServerLike {
  readonly server: object;
}

/** The requests of an agent that get a span. */
export const METHODS = ["tools/call", "resources/read", "prompts/get"] as const;
export type Method = (typeof METHODS)[number];

/** A JSON-RPC request, as it comes to its handler. */
export interface Request {
  method: Method;
  params?: { name?: unknown; uri?: unknown; arguments?: unknown };
}

/** What a handler gets beside the request: the context of version 2, or the `extra` of version 1. */
export interface Extra {
  sessionId?: string;
  mcpReq?: { id?: unknown; _meta?: Record<string, unknown> };
  http?: { req?: unknown };
  requestId?: unknown;
  _meta?: Record<string, unknown>;
  requestInfo?: unknown;
}

export interface Result {
  isError?: boolean;
  content?: readonly object[];
}

export type Handler = (request: Request, extra: Extra) => Result | Promise<Result>;

/** What is used of a server. */
export interface Parts {
  /** The handlers of requests by their method. */
  readonly handlers: Map<string, Handler>;
  /** Calls `then` whenever a handler was set. */
  readonly onHandlerSet: (then: () => void) => void;
  /** Calls `then` with what a tool throws. */
  readonly onToolThrew: (then: (error: unknown) => void) => void;
  /** Whether the server has a tool, a prompt or a resource of that name or URI. */
  readonly has: (method: Method, target: string) => boolean;
  readonly protocolVersion: () => string | undefined;
  /** Whether it talks by the standard streams. */
  readonly isPiped: () => boolean;
}

// Private in the types of both versions, and the same in 1.32 and 2.4: neither has a hook for a request or a tool.
interface Inside {
  executeToolHandler?: (...call: unknown[]) => unknown;
  _registeredTools?: object;
  _registeredPrompts?: object;
  _registeredResources?: object;
}

interface Protocol {
  _requestHandlers?: Map<string, Handler>;
  setRequestHandler?: (...handler: unknown[]) => unknown;
  getNegotiatedProtocolVersion?: () => string | undefined;
  transport?: object;
}

const REGISTERED = {
  "tools/call": "_registeredTools",
  "prompts/get": "_registeredPrompts",
  "resources/read": "_registeredResources",
} as const;

/** Finds what is used of a server; undefined when it is none that is known. */
export function partsOf(server: McpServerLike): Parts | undefined {
  const inside = server as Inside;
  const protocol = server.server as Protocol;
  const { _requestHandlers: handlers, setRequestHandler } = protocol;
  const { executeToolHandler } = inside;
  if (
    !(handlers instanceof Map) ||
    setRequestHandler === undefined ||
    executeToolHandler === undefined ||
    METHODS.some((method) => typeof inside[REGISTERED[method]] !== "object")
  ) {
    return undefined;
  }
  return {
    handlers,
    onHandlerSet(then) {
      protocol.setRequestHandler = (...handler) => {
        Reflect.apply(setRequestHandler, protocol, handler);
        then();
      };
    },
    onToolThrew(then) {
      inside.executeToolHandler = async (...call) => {
        try {
          return await Reflect.apply(executeToolHandler, inside, call);
        } catch (error) {
          then(error);
          throw error;
        }
      };
    },
    has: (method, target) => Object.hasOwn(inside[REGISTERED[method]] ?? {}, target),
    protocolVersion: () => protocol.getNegotiatedProtocolVersion?.(),
    isPiped: () => protocol.transport?.constructor.name === "StdioServerTransport",
  };
}
