import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait.ts";
import { runApplication, startApplication } from "./application.ts";

// What plain Node does at each end; the preload must not change it.
const ENDS = [
  ["normal", { code: 0, signal: null }],
  ["exit", { code: 3, signal: null }],
  ["exit code", { code: 4, signal: null }],
  ["throw", { code: 1, signal: null }],
  ["handled throw", { code: 6, signal: null }],
  ["reject", { code: 1, signal: null }],
  ["SIGTERM", { code: null, signal: "SIGTERM" }],
  ["SIGINT", { code: null, signal: "SIGINT" }],
  ["own listener", { code: 5, signal: null }],
] as const;

test.each(ENDS)(
  "a %s end delivers the finished span and log record and stays as it is",
  async (how, exit) => {
    await using receiver = await startOtlpReceiver();
    const { code, signal } = await runApplication({
      file: "ends.cjs",
      args: [how],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    expect({ code, signal }).toEqual(exit);
    expect(receiver.spans().map(({ name }) => name)).toEqual([`finished before ${how}`]);
    expect(receiver.logs().map(({ body }) => body)).toContain(`logged before ${how}`);
  },
);

test.each(["normal", "SIGTERM", "own listener"])(
  "a %s end delivers the last count of metrics",
  async (how) => {
    await using receiver = await startOtlpReceiver();
    await runApplication({
      file: "ends.cjs",
      args: [how],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    expect(receiver.metrics().map(({ name }) => name)).toContain("ends.counted");
  },
);

test.each(["throw", "reject"])(
  "an error that ends the process (%s) is a log record at FATAL",
  async (how) => {
    await using receiver = await startOtlpReceiver();
    await runApplication({
      file: "ends.cjs",
      args: [how],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    const fatal = receiver.logs().filter(({ severityNumber }) => severityNumber === 21);
    expect(fatal).toMatchObject([
      {
        attributes: {
          "exception.type": "Error",
          "exception.message": expect.stringMatching(/at the end$/),
        },
      },
    ]);
  },
);

test("an uncaught exception that the application handles is a log record at ERROR, and nothing ends", async () => {
  await using receiver = await startOtlpReceiver();
  await runApplication({
    file: "ends.cjs",
    args: ["handled throw"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  expect(receiver.logs().filter(({ severityNumber = 0 }) => severityNumber > 9)).toMatchObject([
    { severityNumber: 17, attributes: { "exception.message": "thrown at the end" } },
  ]);
});

test("an application that ends while the Collector is away is told what was lost, and its exit code stays", async () => {
  const receiver = await startOtlpReceiver();
  await receiver[Symbol.asyncDispose]();
  const { code, output } = await runApplication({
    file: "ends.cjs",
    args: ["exit code"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  expect(code).toBe(4);
  expect(output).toContain("ASSAY_EXPORT: spans are not delivered");
  expect(output).toMatch(
    /ASSAY_EXIT: could not be delivered before the process ended, and lost: 2 of 2 batches\./,
  );
});

test("a Collector that is away for a while gets every span when it is back", async () => {
  const away = await startOtlpReceiver();
  const { port } = away;
  await away[Symbol.asyncDispose]();
  await using application = await startApplication({
    file: "serve.cjs",
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_METRICS_EXPORTER: "none",
      OTEL_BSP_SCHEDULE_DELAY: "10",
    },
    ready: /spans are not delivered/,
  });
  await using back = await startOtlpReceiver({ port });
  await back.waitForSpan(({ name }) => name === "finished while away 99");
  expect(back.spans().map(({ name }) => name)).toEqual(
    Array.from({ length: 100 }, (_, index) => `finished while away ${index}`),
  );
  await waitFor(() => application.output().includes("spans are delivered again"), {
    what: "the application to say so",
  });
});
