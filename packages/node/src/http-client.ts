import { subscribe } from "node:diagnostics_channel";
import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  type TextMapSetter,
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
} from "@opentelemetry/semantic-conventions";
import { carry, type Exchange, exchangeOf, followEvents, guard, wrap } from "./exchange.ts";
import { endExchange, errorTypeOf, failExchange, made, tracer } from "./http-instruments.ts";
import { type AskedWith, madeAttributes } from "./made-request.ts";
import { captureResponse, settings } from "./request-settings.ts";

/** A request that this process makes. */
interface Made extends Exchange {
  response: IncomingMessage | undefined;
}

/** Makes a client span of each request by `http` and `https`, and sends its context with it. */
export function observeRequests(http: typeof import("node:http")): void {
  noteOptions(http.Agent);
  const setter = setterOf(http);
  subscribe("http.client.request.created", (message) => {
    const { request } = message as { request: ClientRequest };
    guard(() => begin(request, setter));
  });
  subscribe("http.client.response.finish", (message) => {
    // It is published when the head of the response is there.
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    guard(() => respond(exchangeOf(request) as Made | undefined, response));
  });
  followEvents(http.ClientRequest, (exchange, event, _request, value) => {
    if (event === "error") failExchange(exchange, value, made());
    else if (event === "close") close(exchange as Made);
  });
  // Requests that are served are of this class, too.
  followEvents(http.IncomingMessage, (exchange, event, message, value) => {
    if (message !== (exchange as Made).response) return;
    if (event === "end") finish(exchange as Made);
    else if (event === "error") failExchange(exchange, value, made());
  });
}

type AddRequest = (this: Agent, request: object, options: AskedWith, ...old: unknown[]) => unknown;

/** What the agent was given last; the request is said to be created right after that. */
let asked: { request: object; options: AskedWith } | undefined;

// A request does not keep the port that it goes to.
function noteOptions({ prototype }: { prototype: Agent }): void {
  wrap(
    prototype,
    "addRequest",
    (addRequest: AddRequest) =>
      function addNoted(request, options, ...old) {
        const result = Reflect.apply(addRequest, this, [request, options, ...old]);
        // Now, because an agent may itself make a request, to a proxy.
        asked = { request, options };
        return result;
      },
  );
}

function begin(request: ClientRequest, setter: TextMapSetter<ClientRequest>): void {
  const options = asked?.request === request ? asked.options : undefined;
  asked = undefined; // it may be large, and hold secrets
  const active = context.active();
  if (isTracingSuppressed(active)) return;
  if (settings.http.requiresParent && trace.getSpan(active) === undefined) return;
  const startedMs = performance.now();
  const attributes = madeAttributes(request, options);
  const span = tracer().startSpan(request.method, { kind: SpanKind.CLIENT, attributes }, active);
  propagation.inject(trace.setSpan(active, span), request, setter);
  const exchange: Made = {
    span,
    listenersContext: active,
    startedMs,
    labels: {
      [ATTR_HTTP_REQUEST_METHOD]: attributes[ATTR_HTTP_REQUEST_METHOD],
      [ATTR_SERVER_ADDRESS]: attributes[ATTR_SERVER_ADDRESS],
      [ATTR_SERVER_PORT]: attributes[ATTR_SERVER_PORT],
    },
    isEnded: false,
    response: undefined,
  };
  carry(request, exchange);
}

const HEAD = "_header";
const IS_SENT = "_headerSent";

/** What Node has of a head that it has written. */
interface Written {
  [HEAD]: string;
  [IS_SENT]: boolean;
  outputData: { data: unknown }[];
  outputSize: number;
}

function setterOf(http: typeof import("node:http")): TextMapSetter<ClientRequest> {
  return {
    set(request, name, value) {
      if (!request.headersSent) {
        request.setHeader(name, value);
        return;
      }
      http.validateHeaderValue(name, value);
      addWritten(request as unknown as Written, `${name}: ${value}\r\n`);
    },
  };
}

// With `headers` as a list, or with `expect`, Node has written the head by now; with `expect` it waits for a socket, too.
function addWritten(request: Written, line: string): void {
  const { [HEAD]: head, outputData: waiting } = request;
  const [first] = waiting;
  if (request[IS_SENT] && first?.data !== head) return;
  request[HEAD] = `${head.slice(0, -2)}${line}\r\n`;
  if (!request[IS_SENT]) return;
  first!.data = request[HEAD];
  request.outputSize += line.length;
}

function respond(exchange: Made | undefined, response: IncomingMessage): void {
  if (exchange === undefined) return;
  const { statusCode = 0, httpVersion, socket, headers } = response;
  const { span, labels } = exchange;
  exchange.response = response;
  carry(response, exchange);
  labels[ATTR_HTTP_RESPONSE_STATUS_CODE] = statusCode;
  labels[ATTR_NETWORK_PROTOCOL_VERSION] = httpVersion;
  const errorType = errorTypeOf(statusCode, 400);
  if (errorType !== undefined) labels[ATTR_ERROR_TYPE] = errorType;
  if (!span.isRecording()) return;
  span.setAttributes({
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: statusCode,
    [ATTR_NETWORK_PEER_ADDRESS]: socket.remoteAddress,
    [ATTR_NETWORK_PEER_PORT]: socket.remotePort,
    [ATTR_NETWORK_PROTOCOL_VERSION]: httpVersion,
  });
  captureResponse(span, settings.http.client.responseHeaders, (name) => headers[name]);
}

function finish(exchange: Made): void {
  const { span, labels, response } = exchange;
  const { [ATTR_ERROR_TYPE]: errorType, [ATTR_HTTP_RESPONSE_STATUS_CODE]: status } = labels;
  const isCut = response?.aborted === true && !response.complete;
  if (errorType !== undefined && !isCut) span.setAttribute(ATTR_ERROR_TYPE, errorType);
  const isOk = typeof status === "number" && status >= 100 && status < 400;
  if (isCut || !isOk) span.setStatus({ code: SpanStatusCode.ERROR });
  endExchange(exchange, made());
}

// Also of a response that nobody read to its end, and of one that was cut off: Node tells only listeners of that.
function close(exchange: Made): void {
  const { response } = exchange;
  if (response !== undefined && !response.complete && response.errored) {
    failExchange(exchange, response.errored, made());
  } else endExchange(exchange, made());
}
