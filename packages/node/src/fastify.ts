import { subscribe } from "node:diagnostics_channel";
import { shield } from "./shield.ts";
import { noteThrown, servedOf } from "./thrown.ts";

interface FastifyRequest {
  raw: object;
  routeOptions: { url?: string };
}
type ErrorHandler = (
  this: unknown,
  error: unknown,
  request: FastifyRequest,
  reply: unknown,
) => unknown;
interface FastifyInstance {
  addHook(
    name: "onRequest",
    hook: (request: FastifyRequest, reply: unknown, done: () => void) => void,
  ): void;
  addHook(
    name: "onError",
    hook: (request: FastifyRequest, reply: unknown, error: unknown, done: () => void) => void,
  ): void;
  addHook(name: "onRoute", hook: (route: { errorHandler?: ErrorHandler }) => void): void;
  setErrorHandler: (this: FastifyInstance, handler: ErrorHandler, ...options: unknown[]) => unknown;
}

/**
 * Gives Fastify's requests their route and their errors.
 *
 * No instrumentation for Fastify is on the 3.x line. Fastify itself publishes each new instance, before it has routes;
 * hooks added there also see a request that a later hook answers.
 */
export function observeFastify(): void {
  // A channel makes what its subscriber throws an uncaught exception, and Fastify answers 500 to what a hook throws.
  const observe = shield("what is for Fastify", addHooks, () => {});
  subscribe("fastify.initialization", (message) =>
    observe((message as { fastify: FastifyInstance }).fastify),
  );
}

function addHooks(fastify: FastifyInstance): void {
  const setRoute = shield(
    "Fastify's route",
    (request: FastifyRequest) => {
      const exchange = servedOf(request);
      const { url } = request.routeOptions;
      if (exchange !== undefined && url !== undefined) exchange.metadata.route = url;
    },
    () => {},
  );
  fastify.addHook("onRequest", (request, _reply, done) => {
    setRoute(request);
    done();
  });
  fastify.addHook("onError", (request, _reply, error, done) => {
    noteThrown(request, error);
    done();
  });
  // The hook is not called for what a handler of errors answers otherwise than with an error.
  const { setErrorHandler } = fastify;
  fastify.setErrorHandler = function setTraced(handler, ...options) {
    return Reflect.apply(setErrorHandler, this, [traced(handler), ...options]);
  };
  fastify.addHook("onRoute", (route) => {
    if (route.errorHandler !== undefined) route.errorHandler = traced(route.errorHandler);
  });
}

function traced(handler: ErrorHandler): ErrorHandler {
  if (typeof handler !== "function") return handler;
  return function handleTraced(error, request, reply) {
    noteThrown(request, error);
    return Reflect.apply(handler, this, [error, request, reply]);
  };
}
