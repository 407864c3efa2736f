import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
// @boundaries-ignore the set-up runs before any package is installed
import { backendPath } from "../../scripts/backends.mjs";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";

// Four ways to write a module, two flags and three servers: 24 cells for each line of Node.
const NODES = {
  "Node 22": backendPath("node22"),
  "Node 24": backendPath("node24"),
  "Node 26": process.execPath,
};
const FILES = ["app.cjs", "named.mjs", "default.mjs", "mixed.mjs"];
const FLAGS = ["--require", "--import"] as const;
const ROUTES = { http: undefined, fastify: "/payments/:id", express: "/payments/:id" };

const cells = FILES.flatMap((file) =>
  FLAGS.flatMap((flag) =>
    (Object.keys(ROUTES) as (keyof typeof ROUTES)[]).map((server) => [file, flag, server] as const),
  ),
);

test.each(Object.entries(NODES))("%s is what it is called", (name, node) => {
  const version = execFileSync(node, ["--version"], { encoding: "utf8" });
  expect(version).toMatch(new RegExp(`^v${name.replace("Node ", "")}\\.`));
});

describe.each(Object.entries(NODES))("%s", (_name, node) => {
  test.concurrent.each(cells)(
    "%s under %s with %s gives one server span and one client span above it",
    async (file, flag, serves) => {
      await using receiver = await startOtlpReceiver();
      const { code, output } = await runApplication({
        file,
        flag,
        node,
        args: [serves],
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
      });
      const spans = receiver.spans();
      const server = spans.filter(({ kind }) => kind === 2);
      const client = spans.filter(({ kind }) => kind === 3);
      expect({ code, output, server: server.length, client: client.length }).toEqual({
        code: 0,
        output: "",
        server: 1,
        client: 1,
      });
      const route = ROUTES[serves];
      expect(server[0]?.attributes["http.route"]).toBe(route);
      expect(server[0]).toMatchObject({
        name: route === undefined ? "GET" : `GET ${route}`,
        parentSpanId: client[0]?.spanId,
        traceId: client[0]?.traceId,
        attributes: { "http.response.status_code": 200 },
        resource: {
          "service.name": "fixture",
          "telemetry.distro.name": "assay",
          "process.runtime.version": expect.stringMatching(/^\d+\.\d+\.\d+$/),
        },
      });
    },
  );
});

test("given twice, by flag and by NODE_OPTIONS, the preload starts once", async () => {
  await using receiver = await startOtlpReceiver();
  const { code } = await runApplication({
    file: "app.cjs",
    flag: "--import",
    args: ["fastify"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
      NODE_OPTIONS: "--require @assay/node/register",
    },
  });
  expect({ code, spans: receiver.spans().length }).toEqual({ code: 0, spans: 2 });
});
