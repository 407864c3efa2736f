import {
  createRequestContext,
  type HttpResponse,
  type RequestContextOptions,
} from "./request-context.ts";
import type { HttpRequest } from "./request-facts.ts";

/**
 * Middleware of Express 4 and 5 that runs the rest of each request for its user and its tenant.
 *
 * Put it behind what authenticates and before the routes. Handlers, and handlers of errors, are within `withUser` and
 * `withTenant`. It never ends a request: when `user` or `tenant` throws, the request goes on without.
 *
 * @example app.use(requestContext({ tenant: (request: Request) => ({ id: request.auth.organization }) }));
 */
export function requestContext<Request extends HttpRequest = HttpRequest>(
  options: RequestContextOptions<Request> = {},
): (request: Request, response: HttpResponse, next: () => void) => void {
  const enter = createRequestContext(options);
  return function assayRequestContext(request, response, next) {
    void enter({ request, message: request, response }, next);
  };
}
