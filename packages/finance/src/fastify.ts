import {
  addHook,
  type AskedAt,
  type FastifyInstance,
  type FastifyRequest,
} from "./fastify-hooks.ts";
import { createRequestContext, type RequestContextOptions } from "./request-context.ts";

/** A plugin of Fastify. What its requests have is said by the functions that it is given. */
export type Plugin = (
  instance: { addHook(name: never, hook: never): unknown },
  options: object,
  done: () => void,
) => void;

/**
 * A plugin of Fastify 5 that runs the rest of each request for its user and its tenant.
 *
 * Register it on the instance whose routes it is for, behind what authenticates; as with `fastify-plugin`, its hook is
 * that instance's own. `askedAt` says in which hook `user` and `tenant` are called; `onRequest` when absent, where there
 * is no body yet. It never ends a request: when one of them throws, the request goes on without.
 *
 * @example app.register(requestContext({ tenant: (request: FastifyRequest) => ({ id: request.auth.organization }) }));
 */
export function requestContext<Request extends FastifyRequest = FastifyRequest>({
  askedAt = "onRequest",
  ...options
}: RequestContextOptions<Request> & { askedAt?: AskedAt } = {}): Plugin {
  const enter = createRequestContext(options);
  const assayRequestContext: Plugin = (instance, _options, done) => {
    addHook(instance as FastifyInstance<Request>, enter, askedAt);
    done();
  };
  return Object.assign(assayRequestContext, {
    // What the package fastify-plugin sets: no scope of its own, and a name.
    [Symbol.for("skip-override")]: true,
    [Symbol.for("plugin-meta")]: { name: "@assay/finance/fastify" },
  });
}
