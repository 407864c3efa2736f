import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";

const FILES = ["app.cjs", "named.mjs", "default.mjs", "mixed.mjs"];
const FLAGS = ["--require", "--import"] as const;
const FRAMEWORKS = ["fastify", "express"];

const cells = FILES.flatMap((file) =>
  FLAGS.flatMap((flag) => FRAMEWORKS.map((framework) => [file, flag, framework] as const)),
);

test.each(cells)(
  "%s under %s with %s gives one server span with its route and one client span above it",
  async (file, flag, framework) => {
    await using receiver = await startOtlpReceiver();
    const { code, output } = await runApplication({
      file,
      flag,
      args: [framework],
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
    expect(server[0]).toMatchObject({
      name: "GET /payments/:id",
      parentSpanId: client[0]?.spanId,
      traceId: client[0]?.traceId,
      attributes: { "http.route": "/payments/:id", "http.response.status_code": 200 },
      resource: { "service.name": "fixture", "telemetry.distro.name": "assay" },
    });
  },
);

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
