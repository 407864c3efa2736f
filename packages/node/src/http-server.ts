import type { IncomingMessage, Server, ServerResponse } from "node:http";
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { type RPCMetadata, RPCType, setRPCMetadata, suppressTracing } from "@opentelemetry/core";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_URL_SCHEME,
} from "@opentelemetry/semantic-conventions";
import {
  carry,
  type Emit,
  type Exchange,
  exchangeOf,
  followEvents,
  guard,
  wrap,
} from "./exchange.ts";
import { endExchange, errorTypeOf, failExchange, served, tracer } from "./http-instruments.ts";
import { isOwnRequest } from "./own-ports.ts";
import { captureResponse, settings } from "./request-settings.ts";
import { servedAttributes } from "./served-request.ts";

/** A request that this process serves. */
export interface Served extends Exchange {
  method: string;
  /** Frameworks write the route here, upstream's instrumentations of them too. */
  metadata: RPCMetadata;
  /** Templates of the paths at which Express' routers are mounted that the request is in. */
  mount: string;
  isRouted: boolean;
  /** What the handler threw last. */
  thrown: unknown;
}

/** Makes a server span of each request that a class of servers hands to its listeners. */
export function observeServers({ prototype }: { prototype: Server }, scheme: string): void {
  wrap(
    prototype,
    "emit",
    (emit: Emit) =>
      function emitServed(...given) {
        // A server may hand a request on to another one; it stays one request.
        if (given[0] !== "request" || exchangeOf(given[1] as object | undefined) !== undefined) {
          return Reflect.apply(emit, this, given);
        }
        const [, request, response] = given as unknown as [string, IncomingMessage, ServerResponse];
        if (guard(() => isOwnRequest(request)) === true) {
          return context.with(suppressTracing(context.active()), emit, this, ...given);
        }
        const exchange = guard(() => begin(request, response, scheme));
        if (exchange === undefined) return Reflect.apply(emit, this, given);
        try {
          return context.with(exchange.listenersContext, emit, this, ...given);
        } catch (error) {
          guard(() => failExchange(exchange, error, served()));
          throw error;
        }
      },
  );
}

/** Ends the spans of served requests, and keeps the context of their listeners. */
export function followServed(responses: { prototype: ServerResponse }): void {
  followEvents(responses, (exchange, event, response, value) => {
    if (event === "close") finish(exchange as Served, response);
    else if (event === "error") failExchange(exchange, value, served());
  });
}

function begin(request: IncomingMessage, response: ServerResponse, scheme: string): Served {
  const startedMs = performance.now();
  const attributes = servedAttributes(request, scheme);
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  const method = request.method ?? "GET";
  const span = tracer().startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
  const metadata: RPCMetadata = { type: RPCType.HTTP, span };
  const exchange: Served = {
    span,
    listenersContext: setRPCMetadata(trace.setSpan(parent, span), metadata),
    startedMs,
    labels: {
      [ATTR_HTTP_REQUEST_METHOD]: attributes[ATTR_HTTP_REQUEST_METHOD],
      [ATTR_URL_SCHEME]: scheme,
      [ATTR_NETWORK_PROTOCOL_VERSION]: request.httpVersion,
    },
    isEnded: false,
    method,
    metadata,
    mount: "",
    isRouted: false,
    thrown: undefined,
  };
  carry(request, exchange);
  carry(response, exchange);
  return exchange;
}

function finish(exchange: Served, response: ServerResponse): void {
  if (exchange.isEnded) return;
  const { span, labels, metadata, method } = exchange;
  const { statusCode } = response;
  // A caller who goes away before the answer gets none, whatever status it would have had.
  if (response.headersSent) labels[ATTR_HTTP_RESPONSE_STATUS_CODE] = statusCode;
  // What is mounted at a path may answer for all that is below it, and say that there is nothing.
  const mount = exchange.mount === "" || statusCode === 404 ? undefined : exchange.mount;
  const route = metadata.route ?? mount;
  if (route !== undefined) labels[ATTR_HTTP_ROUTE] = route;
  const errorType = errorTypeOf(statusCode, 500);
  if (errorType !== undefined) labels[ATTR_ERROR_TYPE] = errorType;
  if (span.isRecording()) {
    if (response.headersSent) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode);
    if (errorType !== undefined) span.setAttribute(ATTR_ERROR_TYPE, errorType);
    if (route !== undefined) {
      span.setAttribute(ATTR_HTTP_ROUTE, route);
      span.updateName(`${method} ${route}`);
    }
    captureResponse(span, settings.http.server.responseHeaders, (name) => response.getHeader(name));
    if (!(statusCode >= 100 && statusCode < 500)) span.setStatus({ code: SpanStatusCode.ERROR });
  }
  endExchange(exchange, served());
}
