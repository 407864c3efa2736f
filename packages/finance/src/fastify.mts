export * from "./fastify.ts";
