import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { from, serve } from "./serve.ts";

const README = readFileSync(join(import.meta.dirname, "../../packages/finance/README.md"), "utf8");
const SAYS = "{ tenant: currentTenant()?.id, user: currentUser()?.id }";

/** The block of the README that imports from an entry point. */
function snippet(entry: string): string {
  const blocks = [...README.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  return blocks.find((block) => block.includes(`"@assay/finance/${entry}"`)) ?? "";
}

// What is around the snippet of each framework: `app` before it, a route and the port after it.
const AROUND: Record<string, readonly [before: string, after: string]> = {
  express: [
    `import express from "express"; const app = express();`,
    `app.get("/", (_request, response) => response.json(${SAYS}));
     const server = app.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));`,
  ],
  fastify: [
    `import { fastify } from "fastify"; const app = fastify();`,
    `app.get("/", async () => (${SAYS}));
     await app.listen({ port: 0, host: "127.0.0.1" });
     console.log("port " + app.server.address().port);`,
  ],
  nestjs: [
    `import "reflect-metadata"; import { Controller, Get, Module } from "@nestjs/common";
     import { NestFactory } from "@nestjs/core";
     class Home { get() { return ${SAYS}; } }
     Get("/")(Home.prototype, "get", Object.getOwnPropertyDescriptor(Home.prototype, "get"));
     Controller()(Home);
     class App {}
     Module({ controllers: [Home] })(App);
     const app = await NestFactory.create(App, { logger: false });`,
    `await app.listen(0, "127.0.0.1");
     console.log("port " + app.getHttpServer().address().port);`,
  ],
};

test.each(Object.keys(AROUND))("the README's lines for %s do what it says", async (entry) => {
  const [before = "", after = ""] = AROUND[entry] ?? [];
  const given = `import { currentTenant, currentUser } from "@assay/finance";
    const tenant = ({ headers }) => ({ id: headers["x-tenant"] });
    const user = ({ headers }) => ({ id: headers["x-user"] });`;
  const code = `${given}\n${before}\n${snippet(entry)}\n${after}`;
  const seen: object[] = [];
  const args = ["--require", "@assay/node/register", "--input-type=module", "--eval", code];
  const { output } = await serve(args, async (ask) => {
    seen.push(await ask("/", { headers: from("usr_jane", "org_42") }));
  });
  expect(snippet(entry)).not.toBe("");
  expect({ seen, output }).toEqual({
    seen: [{ status: 200, tenant: "org_42", user: "usr_jane" }],
    output: "",
  });
});
