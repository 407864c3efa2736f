import { startConsole } from "@assay/console";
import { expect, test } from "vitest";
import { sentryServer } from "../../packages/sentry/test/sentry-server.ts";
import { startErrorBridge } from "../support/error-bridge.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";

const NO_OTLP = {
  OTEL_TRACES_EXPORTER: "none",
  OTEL_METRICS_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
};

test("an error of a Fastify handler is on the server span once", async () => {
  await using receiver = await startOtlpReceiver();
  await runApplication({
    file: "error.cjs",
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
  });
  const server = receiver.spans().find(({ kind }) => kind === 2);
  expect(server).toMatchObject({
    status: { code: 2 },
    attributes: { "http.route": "/boom/:id" },
    events: [{ name: "exception", attributes: { "exception.type": "TypeError" } }],
  });
});

test("with SENTRY_DSN the error goes to Sentry once, with the ids of the span it is on", async () => {
  await using assay = await startConsole({ port: 0 });
  await runApplication({
    file: "error.cjs",
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: assay.url,
      OTEL_METRICS_EXPORTER: "none",
      SENTRY_DSN: assay.dsn,
    },
  });
  const server = assay.store
    .traces()
    .flatMap(({ traceId }) => assay.store.trace(traceId))
    .find(({ attributes }) => attributes["http.route"] === "/boom/:id");
  const issues = assay.store.errors().filter(({ sources }) => sources.includes("sentry"));
  expect(issues).toMatchObject([
    {
      type: "TypeError",
      message: "payout failed",
      traceId: server?.traceId,
      spanId: server?.spanId,
    },
  ]);
});

test("an uncaught exception goes to Sentry before the process ends", async () => {
  await using assay = await startConsole({ port: 0 });
  const { code } = await runApplication({
    file: "ends.cjs",
    args: ["throw"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: assay.url,
      OTEL_METRICS_EXPORTER: "none",
      SENTRY_DSN: assay.dsn,
    },
  });
  expect(code).toBe(1);
  expect(assay.store.errors().filter(({ sources }) => sources.includes("sentry"))).toMatchObject([
    { type: "Error", message: "thrown at the end", level: "fatal" },
  ]);
});

test.each(["throw", "reject", "throw nothing"])(
  "an error that ends the process outside any trace (%s) has one id on both ways to Sentry, and no trace",
  async (how) => {
    await using direct = await sentryServer();
    await using bridged = await sentryServer();
    await using bridge = await startErrorBridge({ dsn: bridged.dsn });
    const { code } = await runApplication({
      file: "ends.cjs",
      args: [how],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: bridge.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_METRICS_EXPORTER: "none",
        SENTRY_DSN: direct.dsn,
      },
    });
    expect(code).toBe(1);
    const [one, other] = [direct, bridged].map((server) =>
      server.events().map(({ event_id, contexts, level }) => ({ event_id, contexts, level })),
    );
    const eventId = expect.stringMatching(/^[0-9a-f]{32}$/);
    expect(one).toEqual([{ event_id: eventId, contexts: undefined, level: "fatal" }]);
    expect(other).toEqual(one);
  },
);

test("an error that ends the process goes to Sentry once, although the span that recorded it never ends", async () => {
  await using server = await sentryServer();
  const { code } = await runApplication({
    file: "ends.cjs",
    args: ["throw in an open span"],
    env: { ...NO_OTLP, SENTRY_DSN: server.dsn },
  });
  expect(code).toBe(1);
  expect(server.events()).toMatchObject([
    { level: "fatal", exception: { values: [{ value: "recorded and thrown" }] } },
  ]);
});

test("a client that sends sentry-trace has its trace continued, and the header goes no further", async () => {
  await using receiver = await startOtlpReceiver();
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  await runApplication({
    file: "error.cjs",
    args: [`${traceId}-00f067aa0ba902b7-1`],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
      // fetch in the fixture must not add traceparent, which would win.
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: "undici",
    },
  });
  expect(receiver.spans()).toMatchObject([{ kind: 2, traceId, parentSpanId: "00f067aa0ba902b7" }]);
});
