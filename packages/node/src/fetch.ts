import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_SCHEME,
} from "@opentelemetry/semantic-conventions";
import { carry, type Exchange, exchangeOf, guard } from "./exchange.ts";
import { type FetchedRequest, fetchedAttributes } from "./fetched-request.ts";
import { endExchange, errorTypeOf, made, tracer } from "./http-instruments.ts";
import { captureResponse, listedHeader, settings } from "./request-settings.ts";

const LABELS = [
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_SCHEME,
] as const;

interface Message {
  request: FetchedRequest;
  socket: Socket & { alpnProtocol?: string | false | null };
  response: { statusCode: number; headers: unknown };
  error: Error;
}

/**
 * Makes a client span of each request by `fetch` and by undici, also by a copy of it that the application has, and sends
 * its context with it. `first` is a request that was created before.
 */
export function observeFetch(first: unknown): void {
  on("undici:request:create", ({ request }) => begin(request));
  on("undici:client:sendHeaders", ({ request, socket }) => send(exchangeOf(request), socket));
  on("undici:request:headers", ({ request, response }) => respond(exchangeOf(request), response));
  on("undici:request:trailers", ({ request }) => {
    const exchange = exchangeOf(request);
    if (exchange !== undefined) endExchange(exchange, made());
  });
  on("undici:request:error", ({ request, error }) => fail(exchangeOf(request), error));
  guard(() => begin((first as Message).request));
}

function on(channel: string, hear: (message: Message) => void): void {
  subscribe(channel, (message) => guard(() => hear(message as Message)));
}

function begin(request: FetchedRequest): void {
  const active = context.active();
  // CONNECT opens a tunnel; what goes through it has a span of its own.
  if (request.method === "CONNECT" || isTracingSuppressed(active)) return;
  if (settings.fetch.requiresParent && trace.getSpan(active) === undefined) return;
  const startedMs = performance.now();
  const attributes = fetchedAttributes(request);
  const method = attributes[ATTR_HTTP_REQUEST_METHOD] as string;
  const name = method === "_OTHER" ? "HTTP" : method;
  const span = tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes }, active);
  propagation.inject(trace.setSpan(active, span), request, { set: addHeader });
  const labels: Attributes = {};
  for (const key of LABELS) labels[key] = attributes[key];
  carry(request, { span, listenersContext: active, startedMs, labels, isEnded: false });
}

function addHeader(request: FetchedRequest, name: string, value: string): void {
  if (typeof request.addHeader === "function") request.addHeader(name, value);
  else if (typeof request.headers === "string") request.headers += `${name}: ${value}\r\n`;
  else request.headers.push(name, value);
}

function send(exchange: Exchange | undefined, socket: Message["socket"]): void {
  if (exchange === undefined) return;
  const version = socket.alpnProtocol === "h2" ? "2" : "1.1";
  exchange.labels[ATTR_NETWORK_PROTOCOL_VERSION] = version;
  if (!exchange.span.isRecording()) return;
  exchange.span.setAttributes({
    [ATTR_NETWORK_PEER_ADDRESS]: socket.remoteAddress,
    [ATTR_NETWORK_PEER_PORT]: socket.remotePort,
    [ATTR_NETWORK_PROTOCOL_VERSION]: version,
  });
}

function respond(exchange: Exchange | undefined, response: Message["response"]): void {
  if (exchange === undefined) return;
  const { span, labels } = exchange;
  const { statusCode: status, headers } = response;
  captureResponse(span, settings.fetch.client.responseHeaders, (name) =>
    listedHeader(headers, name),
  );
  const errorType = errorTypeOf(status, 400);
  labels[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
  span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
  if (errorType === undefined) return;
  labels[ATTR_ERROR_TYPE] = errorType;
  span.setAttribute(ATTR_ERROR_TYPE, errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function fail(exchange: Exchange | undefined, error: Message["error"]): void {
  if (exchange === undefined || exchange.isEnded) return;
  // Whoever gives up has what he wants.
  if (error.name !== "AbortError") recordFailure(exchange.span, exchange.labels, error);
  endExchange(exchange, made());
}

function recordFailure(span: Span, labels: Attributes, error: Message["error"]): void {
  // Errors of the platform have a number there.
  const { code } = error as { code?: unknown };
  const type = typeof code === "string" ? code : error.name || "Error";
  labels[ATTR_ERROR_TYPE] = type;
  span.setAttribute(ATTR_ERROR_TYPE, type);
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}
