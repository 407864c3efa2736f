import { requestContext } from "./express.ts";
import { addHook, type FastifyInstance, type FastifyRequest } from "./fastify-hooks.ts";
import {
  createRequestContext,
  type HttpResponse,
  type RequestContextOptions,
} from "./request-context.ts";
import type { HttpRequest } from "./request-facts.ts";

/** An application of Nest, on Express or on Fastify. */
export interface NestApplication {
  getHttpAdapter(): { getType(): string; getInstance(): unknown };
  use(middleware: (request: never, response: HttpResponse, next: () => void) => void): unknown;
}

/** What an interceptor of Nest is told of a call. */
export interface ExecutionContext {
  getType(): string;
  switchToHttp(): { getRequest(): unknown; getResponse(): unknown };
}

/** What an interceptor of Nest hands a call on to. `Stream` is an Observable. */
export interface CallHandler<Stream> {
  handle(): Stream;
}

/** An interceptor of Nest. */
export interface Interceptor {
  intercept<Stream>(
    execution: ExecutionContext,
    next: CallHandler<Stream>,
  ): Stream | Promise<Stream>;
}

/**
 * Runs the rest of each request to an application of Nest for its user and its tenant, on Express and on Fastify.
 *
 * Call it before `listen`. It asks before guards run, so that guards, pipes, handlers and exception filters are within
 * `withUser` and `withTenant`; what guards find out is for `requestContextInterceptor`. It never ends a request: when
 * `user` or `tenant` throws, the request goes on without.
 *
 * @example useRequestContext(app, { tenant: (request: Request) => ({ id: request.headers["x-organization"] }) });
 */
export function useRequestContext<Request extends HttpRequest = HttpRequest>(
  application: NestApplication,
  options: RequestContextOptions<Request> = {},
): void {
  const adapter = application.getHttpAdapter();
  if (adapter.getType() !== "fastify") {
    application.use(requestContext(options));
    return;
  }
  // Nest's middleware would be given Node's request instead of Fastify's.
  const enter = createRequestContext(options as RequestContextOptions<HttpRequest>);
  addHook(adapter.getInstance() as FastifyInstance<FastifyRequest>, enter, "onRequest");
}

/**
 * An interceptor of Nest that does the same for what guards have found out, such as `request.user`: interceptors that
 * follow, pipes and the handler are within `withUser` and `withTenant`. Exception filters are not.
 *
 * @example app.useGlobalInterceptors(requestContextInterceptor({ user: ({ user }: Request) => ({ id: user.id }) }));
 */
export function requestContextInterceptor<Request extends HttpRequest = HttpRequest>(
  options: RequestContextOptions<Request>,
): Interceptor {
  const enter = createRequestContext(options);
  return {
    intercept(execution, next) {
      if (execution.getType() !== "http") return next.handle();
      const http = execution.switchToHttp();
      const request = http.getRequest() as Request;
      const message = rawOf(request);
      const response = rawOf(http.getResponse() as object) as HttpResponse;
      return enter({ request, message, response }, () => next.handle());
    },
  };
}

// Fastify's requests and replies hold Node's.
function rawOf(message: object): object {
  return (message as { raw?: object }).raw ?? message;
}
