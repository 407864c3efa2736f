// Serves who the request is for, in one framework with its plugin: `node request-context.mjs <framework> <mode>`.
// In the mode `sync` the functions answer at once; in `plain` there is a context manager and no SDK.
import { createServer } from "node:http";
import { setImmediate } from "node:timers/promises";
import { context, logs, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { currentTenant, currentUser } from "@assay/finance";

const [framework, mode] = process.argv.slice(2);

const read = (name, more) => (request) => {
  const id = request.headers[name];
  if (id === "throws") throw new TypeError("jane.canary@example.com is not known");
  if (id === "is nobody") return { id: 7 };
  // What is asked of a user store is more than the plugin may have.
  return id && { id, ...more, email: "jane.canary@example.com", name: "Jane Canary" };
};
const later = (work) => async (request) => {
  await setImmediate();
  return work(request);
};
const when = mode === "sync" ? (work) => work : later;
if (mode === "plain") {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}
const options = {
  user: when(read("x-user", { tier: "business", roles: ["cashier"] })),
  tenant: when(read("x-tenant", { tier: "premium" })),
  session: (request) => request.headers["x-session"],
};

/** Reads a body by its events, as parsers of forms do; then answers. */
const readAll = (message, answer) => {
  message.on("data", () => {}).on("end", () => answer(here()));
};
/** Logs a request when it has its answer, as access logs do. */
const logAtEnd = (response) => {
  response.on("finish", () => logs.getLogger("app").emit({ body: "answered" }));
};

/** For whom the caller works. */
const here = () => ({
  tenant: currentTenant()?.id,
  user: currentUser()?.id,
  traceId: trace.getActiveSpan()?.spanContext().traceId,
});

const who = () =>
  setImmediate().then(() => {
    trace.getTracer("app").startSpan("work").end();
    logs.getLogger("app").emit({ body: "handled" });
    return here();
  });
const broken = () =>
  setImmediate().then(() => {
    throw new Error("the ledger is away");
  });

async function serveExpress(name) {
  const { requestContext } = await import("@assay/finance/express");
  const { default: express } = await import(name);
  const app = express();
  app.use(requestContext(options), express.json(), (_request, response, next) => {
    logAtEnd(response);
    next();
  });
  const passOn = (work) => (_request, response, next) => {
    work().then((found) => response.json(found), next);
  };
  app.get("/who", passOn(who));
  app.post("/who", passOn(who));
  app.get("/broken", passOn(broken));
  app.post("/form", (request, response) => readAll(request, (found) => response.json(found)));
  app.use((error, _request, response, _next) => response.status(error.status ?? 500).json(here()));
  const server = createServer(app);
  await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server.address().port;
}

async function serveFastify({ isAuthenticated = false } = {}) {
  const { requestContext } = await import("@assay/finance/fastify");
  const { default: fastify } = await import("fastify");
  const app = fastify();
  if (isAuthenticated) {
    const { user, ...others } = options;
    app.addHook("preValidation", async (request) => {
      request.found = { headers: request.headers };
    });
    const ofFound = ({ found }) => user(found);
    await app.register(requestContext({ ...others, user: ofFound, askedAt: "preHandler" }));
  } else await app.register(requestContext(options));
  app.setErrorHandler((error, _request, reply) => reply.code(error.statusCode ?? 500).send(here()));
  app.register(async (scope) => {
    scope.get("/who", who);
    scope.post("/who", who);
    scope.get("/broken", broken);
    scope.addContentTypeParser("text/plain", (_request, payload, done) => done(null, payload));
    scope.post("/form", ({ raw }, reply) => {
      logAtEnd(reply.raw);
      readAll(raw, (found) => reply.send(found));
    });
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app.server.address().port;
}

/** Decorators, where there is no syntax for them. */
function route(controller, { Controller, Get, Post }) {
  const routes = { get: Get("who"), post: Post("who"), fail: Get("broken") };
  for (const [name, decorate] of Object.entries(routes)) {
    const { prototype } = controller;
    decorate(prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
  }
  Controller()(controller);
}

async function serveNest({ on, isGuarded }) {
  await import("reflect-metadata");
  const nest = await import("@assay/finance/nestjs");
  const common = await import("@nestjs/common");
  const { NestFactory } = await import("@nestjs/core");
  class Home {
    get() {
      return who();
    }
    post() {
      return who();
    }
    fail() {
      return broken();
    }
  }
  route(Home, common);
  const App = class App extends Object {};
  common.Module({ controllers: [Home] })(App);
  class Failed {
    catch(error, host) {
      const response = host.switchToHttp().getResponse();
      response.status(error.statusCode ?? error.status ?? 500).send(here());
    }
  }
  common.Catch()(Failed);
  const adapters = {
    express: async () => new (await import("@nestjs/platform-express")).ExpressAdapter(),
    fastify: async () => new (await import("@nestjs/platform-fastify")).FastifyAdapter(),
  };
  const app = await NestFactory.create(App, await adapters[on](), { logger: false });
  app.useGlobalFilters(new Failed());
  if (isGuarded) {
    const { user, ...others } = options;
    nest.useRequestContext(app, others);
    const canActivate = (execution) => {
      const request = execution.switchToHttp().getRequest();
      request.found = { headers: request.headers, tenant: currentTenant()?.id };
      return request.found.tenant !== undefined;
    };
    app.useGlobalGuards({ canActivate });
    app.useGlobalInterceptors(nest.requestContextInterceptor({ user: ({ found }) => user(found) }));
  } else nest.useRequestContext(app, options);
  await app.listen(0, "127.0.0.1");
  return app.getHttpServer().address().port;
}

const servers = {
  "express 4": () => serveExpress("express4"),
  express: () => serveExpress("express"),
  fastify: () => serveFastify(),
  "authenticated fastify": () => serveFastify({ isAuthenticated: true }),
  "nest on express": () => serveNest({ on: "express" }),
  "nest on fastify": () => serveNest({ on: "fastify" }),
  "guarded nest on express": () => serveNest({ on: "express", isGuarded: true }),
  "guarded nest on fastify": () => serveNest({ on: "fastify", isGuarded: true }),
};
console.log(`port ${await servers[framework]()}`);
