import type { IncomingMessage, ServerResponse } from "node:http";
import type { INestApplication, NestInterceptor } from "@nestjs/common";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { fastify, type FastifyPluginCallback, type FastifyRequest } from "fastify";
import { expect, expectTypeOf, test } from "vitest";
import { requestContext as ofExpress } from "@assay/finance/express";
import { requestContext as ofFastify } from "@assay/finance/fastify";
import { requestContextInterceptor, useRequestContext } from "@assay/finance/nestjs";

interface Authenticated extends FastifyRequest {
  who: { sub: string };
}

test("Fastify takes the plugin, and its functions are given Fastify's request", async () => {
  const app = fastify();
  const plugin = ofFastify({ tenant: ({ hostname }: FastifyRequest) => ({ id: hostname }) });
  expectTypeOf(plugin).toExtend<FastifyPluginCallback>();
  app.register(plugin);
  app.register(
    ofFastify({ askedAt: "preHandler", user: ({ who }: Authenticated) => ({ id: who.sub }) }),
  );
  // @ts-expect-error no such hook
  ofFastify({ askedAt: "onSend" });
  await app.ready();
  expect(app.hasPlugin("@assay/finance/fastify")).toBe(true);
});

test("Express' middleware is given Express' request", () => {
  interface Request extends IncomingMessage {
    auth: { sub: string };
  }
  const middleware = ofExpress({ user: ({ auth }: Request) => ({ id: auth.sub }) });
  type Handler = (request: Request, response: ServerResponse, next: () => void) => void;
  expectTypeOf(middleware).toExtend<Handler>();
  // @ts-expect-error a name is nothing that telemetry may have
  ofExpress({ user: ({ auth }: Request) => ({ id: auth.sub, name: "Jane" }) });
});

test("Nest's applications and interceptors are taken as they are", () => {
  expectTypeOf(useRequestContext).toBeCallableWith({} as INestApplication);
  expectTypeOf(useRequestContext).toBeCallableWith({} as NestFastifyApplication);
  const user = ({ who }: Authenticated) => ({ id: who.sub });
  expectTypeOf(requestContextInterceptor({ user })).toExtend<NestInterceptor>();
});
