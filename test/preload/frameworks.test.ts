import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { startApplication } from "./application.ts";

/** What is asked, and the server span that it is to leave: its name, status and exceptions. */
type Expected = readonly [ask: string, name: string, status: number, ...exceptions: string[]];

const EVERYWHERE: Expected[] = [
  ["GET /", "GET /", 200],
  ["GET /payments/7", "GET /payments/:id", 200],
  ["POST /payments", "POST /payments", 200],
  ["GET /broken", "GET /broken", 500, "the ledger is away"],
  ["GET /refused", "GET /refused", 402],
  ["GET /merchants/a/payouts/7", "GET /merchants/:merchant/payouts/:id", 200],
  ["GET /nowhere/7?card=1", "GET", 404],
];
/** Answered by a handler of errors, which is no reason to forget them. */
const ANSWERED: Expected = ["GET /answered", "GET /answered", 503, "the ledger is away"];
const EXPRESS: Expected[] = [
  ...EVERYWHERE,
  ANSWERED,
  ["GET /passed-on", "GET /passed-on", 500, "passed on"],
  ["GET /files/7", String.raw`GET /^\/files\/(\d+)$/`, 200],
  ["GET /merchants/a/payouts", "GET /merchants/:merchant/payouts", 200],
  ["GET /merchants/a/nothing", "GET", 404],
  ["GET /admin/users/7", "GET /admin/users/:user", 200],
  ["GET /private/secrets/7", "GET /private", 401],
  ["GET /?page=2", "GET /", 200],
];
const FASTIFY: Expected[] = [
  ...EVERYWHERE,
  ANSWERED,
  ["GET /private/secrets/7", "GET /private/secrets/:id", 401],
];
const HAPI = EVERYWHERE.map(([ask, name, ...rest]): Expected => [
  ask,
  name.replaceAll(/:(\w+)/g, "{$1}"),
  ...rest,
]);
const NEST: Expected[] = [...EVERYWHERE, ANSWERED].map(([ask, name, status, ...rest]) => [
  ask,
  name,
  ask.startsWith("POST") ? 201 : status,
  ...rest,
]);
const FRAMEWORKS: Record<string, readonly Expected[]> = {
  "express 4": EXPRESS,
  express: EXPRESS,
  fastify: FASTIFY,
  koa: [...EVERYWHERE, ANSWERED],
  hapi: HAPI,
  "nest on express": NEST,
  "nest on fastify": NEST,
};
const cells = Object.keys(FRAMEWORKS).flatMap((framework) =>
  ["app.cjs", "app.mjs"].map((file) => [framework, file] as const),
);

const FIXTURES = join(import.meta.dirname, "fixtures/frameworks");
const { resolve } = createRequire(import.meta.url);

// An instrumentation knows a package by its folder, so the alias of the older Express is not found by its own name.
async function copyExpress4(folder: string): Promise<string> {
  const express4 = dirname(resolve("express4/package.json"));
  await cp(express4, join(folder, "node_modules/express"), { recursive: true });
  await cp(FIXTURES, folder, { recursive: true });
  return dirname(express4);
}

async function visit(file: string, framework: string, asks: readonly string[], env = {}) {
  await using receiver = await startOtlpReceiver();
  await using folder = await temporaryFolder("frameworks");
  const [name = ""] = framework.split(" 4");
  const isOld = name !== framework;
  const modules = isOld ? { NODE_PATH: await copyExpress4(folder.path) } : {};
  await using application = await startApplication({
    file: join(isOld ? folder.path : FIXTURES, file),
    args: [name],
    ready: /port \d+/,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      NODE_ENV: "test",
      ...modules,
      ...env,
    },
  });
  const port = /port (\d+)/.exec(application.output())?.[1];
  for (const ask of asks) {
    const [method = "GET", path = "/"] = ask.split(" ");
    const body = method === "POST" ? JSON.stringify({ what: "paid" }) : null;
    const headers = { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body, headers });
    await response.arrayBuffer();
  }
  await application.stop();
  return { spans: receiver.spans(), metrics: receiver.metrics(), output: application.output() };
}

test.each(cells)(
  "%s in %s: one span a request, with its route and what its handler threw",
  async (framework, file) => {
    const expected = FRAMEWORKS[framework] ?? [];
    const { spans, output } = await visit(
      file,
      framework,
      expected.map(([ask]) => ask),
    );
    const servers = spans.filter(({ kind }) => kind === 2);
    const seen = servers.map(({ name, attributes, events }) => [
      name,
      attributes["http.response.status_code"],
      ...events.map((event) => event.attributes["exception.message"]),
    ]);
    const routes = servers.map(({ attributes }) => attributes["http.route"] ?? "");
    expect({ output: output.replace(/port \d+\n/, ""), seen, routes }).toEqual({
      output: "",
      seen: expected.map(([, ...span]) => span),
      routes: expected.map(([, name]) => name.split(" ").slice(1).join(" ")),
    });
    const others = spans.filter(({ kind }) => kind !== 2);
    const worked = expected.filter(([, , status]) => status < 300);
    expect(others.map(({ parentSpanId }) => parentSpanId)).toEqual(
      servers
        .filter(({ attributes }) => Number(attributes["http.response.status_code"]) < 300)
        .map(({ spanId }) => spanId),
    );
    expect(others.length).toBe(worked.length);
  },
);

test.each([
  ["express", "express", "middleware - "],
  ["koa", "koa", "middleware - "],
  ["hapi", "hapi", "route - /"],
])(
  "in %s, upstream's spans of middleware are there when %s is asked for by name",
  async (framework, name, span) => {
    const { spans } = await visit("app.cjs", framework, ["GET /"], {
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: `http,${name}`,
    });
    expect(spans.filter((one) => one.kind === 2).map((one) => one.name)).toEqual(["GET /"]);
    expect(spans.map((one) => one.name).some((one) => one.startsWith(span))).toBe(true);
  },
);
