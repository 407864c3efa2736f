import { subscribe } from "node:diagnostics_channel";
import { context, trace } from "@opentelemetry/api";
import { getRPCMetadata, RPCType } from "@opentelemetry/core";
import { shield } from "./shield.ts";

interface FastifyRequest {
  routeOptions: { url?: string };
}
interface FastifyInstance {
  addHook(
    name: "onRequest",
    hook: (request: FastifyRequest, reply: unknown, done: () => void) => void,
  ): void;
  addHook(
    name: "onError",
    hook: (request: FastifyRequest, reply: unknown, error: Error, done: () => void) => void,
  ): void;
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
      const metadata = getRPCMetadata(context.active());
      const route = request.routeOptions.url;
      if (metadata?.type === RPCType.HTTP && route !== undefined) metadata.route = route;
    },
    () => {},
  );
  const record = shield(
    "Fastify's error",
    (error: Error) => {
      // Fastify answers 500 unless the error says otherwise; what is below is the caller's fault and no error of ours.
      const status = (error as { statusCode?: unknown }).statusCode;
      if (typeof status !== "number" || status >= 500)
        trace.getActiveSpan()?.recordException(error);
    },
    () => {},
  );
  fastify.addHook("onRequest", (request, _reply, done) => {
    setRoute(request);
    done();
  });
  fastify.addHook("onError", (_request, _reply, error, done) => {
    record(error);
    done();
  });
}
