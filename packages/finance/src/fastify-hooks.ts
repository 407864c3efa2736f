import type { EnterRequest, HttpResponse } from "./request-context.ts";
import type { HttpRequest } from "./request-facts.ts";

/** A request as Fastify has it. */
export interface FastifyRequest extends HttpRequest {
  readonly raw: object;
}

/** When the application is asked for user and tenant. */
export type AskedAt = "onRequest" | "preValidation" | "preHandler";

/** An instance of Fastify, as far as hooks go. */
export interface FastifyInstance<Request> {
  addHook(
    name: AskedAt,
    hook: (request: Request, reply: { raw: HttpResponse }, done: () => void) => void,
  ): unknown;
}

/**
 * Adds the hook that runs the rest of each request for its user and tenant.
 *
 * Fastify goes on from the body's last event in the context in which it began to read the body.
 */
export function addHook<Request extends FastifyRequest>(
  instance: FastifyInstance<Request>,
  enter: EnterRequest<Request>,
  askedAt: AskedAt,
): void {
  instance.addHook(askedAt, (request, reply, done) => {
    void enter({ request, message: request.raw, response: reply.raw }, done);
  });
}
