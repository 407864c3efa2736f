import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { context, trace } from "@opentelemetry/api";
import { getNodeAutoInstrumentations } from "@opentelemetry/auto-instrumentations-node";
import { getRPCMetadata, RPCType } from "@opentelemetry/core";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import { ownPorts } from "./prometheus.ts";

/** Left out because they make a span of every file read, look-up, socket and middleware. */
const NOISE = ["fs", "net", "dns", "router", "connect"];

/**
 * Makes upstream's instrumentations less the noisy ones.
 *
 * OTEL_NODE_ENABLED_INSTRUMENTATIONS and OTEL_NODE_DISABLED_INSTRUMENTATIONS work as upstream; a name in the first,
 * which is `enabled`, brings a noisy one back.
 */
export function createInstrumentations(enabled: readonly string[]): Instrumentation[] {
  const off = NOISE.filter((name) => !enabled.includes(name));
  return getNodeAutoInstrumentations({
    ...Object.fromEntries(
      off.map((name) => [`@opentelemetry/instrumentation-${name}`, { enabled: false }]),
    ),
    "@opentelemetry/instrumentation-http": {
      ignoreIncomingRequestHook: (request: IncomingMessage) =>
        ownPorts.has(request.socket.localPort ?? -1),
    },
    // A connection from the pool is a span for every query; the pool's metrics say the same.
    "@opentelemetry/instrumentation-pg": { ignoreConnectSpans: true },
    "@opentelemetry/instrumentation-express": {
      // The route is on the server span; the handler keeps a span of its own because errors are recorded on it.
      ignoreLayersType: ["middleware", "router"] as never,
    },
  });
}

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
  subscribe("fastify.initialization", (message) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook("onRequest", (request, _reply, done) => {
      const metadata = getRPCMetadata(context.active());
      const route = request.routeOptions.url;
      if (metadata?.type === RPCType.HTTP && route !== undefined) metadata.route = route;
      done();
    });
    fastify.addHook("onError", (_request, _reply, error, done) => {
      // Fastify answers 500 unless the error says otherwise; what is below is the caller's fault and no error of ours.
      const status = (error as { statusCode?: unknown }).statusCode;
      if (typeof status !== "number" || status >= 500)
        trace.getActiveSpan()?.recordException(error);
      done();
    });
  });
}
