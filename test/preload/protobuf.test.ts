import { startConsole } from "@assay/console";
import { expect, test } from "vitest";
import { runApplication } from "./application.ts";

test.each(["normal", "exit", "SIGTERM"])(
  "http/protobuf delivers the span and the log record at a %s end",
  async (how) => {
    await using assay = await startConsole({ port: 0 });
    await runApplication({
      file: "ends.cjs",
      args: [how],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: assay.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" },
    });
    const spans = assay.store.traces().flatMap(({ traceId }) => assay.store.trace(traceId));
    expect(spans.map(({ name }) => name)).toEqual([`finished before ${how}`]);
    expect(assay.store.logs().map(({ body }) => body)).toEqual([`logged before ${how}`]);
  },
);

test("a signal's own endpoint and encoding win over those of all signals", async () => {
  await using all = await startConsole({ port: 0 });
  await using own = await startConsole({ port: 0 });
  await runApplication({
    file: "ends.cjs",
    args: ["exit"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: all.url,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${own.url}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/protobuf",
    },
  });
  expect([own.store.traces().length, all.store.traces().length]).toEqual([1, 0]);
  expect([own.store.logs().length, all.store.logs().length]).toEqual([0, 1]);
});
