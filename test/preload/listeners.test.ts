import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";
import { runApplication } from "./application.ts";

// An application's own listeners for its end, beside ours: it must hear what plain Node tells it, and what it finishes
// there must arrive.
const WAYS = [
  ["once before", ["in the application's shutdown"]],
  ["exit listener", ["in the application's exit listener"]],
  ["exit in an exit listener", ["before the second exit"]],
  ["exit listener at a normal end", ["in the application's exit listener"]],
  ["beforeExit that begins nothing", ["before the end"]],
  ["beforeExit", ["before the end", "after the first end"]],
] as const;

test.each(WAYS)("%s: heard as in plain Node, and its spans arrive", async (way, spans) => {
  await using receiver = await startOtlpReceiver();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const { code, signal, output } = await runApplication({
    file: "listeners.cjs",
    args: [way],
    env,
  });
  await using plain = await spawnService({
    name: "plain Node",
    command: process.execPath,
    args: ["fixtures/listeners.cjs", way, "plain"],
    cwd: import.meta.dirname,
  });
  const expected = { ...(await plain.exited), output: plain.output() };
  expect({ code, signal, output }).toEqual(expected);
  expect(receiver.spans().map(({ name }) => name)).toEqual(spans);
});

test.each(["normal", "SIGTERM", "exit"])(
  "5,000 spans of one turn arrive at a %s end, though the Collector takes 300 ms for each request",
  async (how) => {
    await using receiver = await startOtlpReceiver();
    receiver.respondWith(200, { delayMs: 300 });
    await runApplication({
      file: "many.cjs",
      args: ["5000", how],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
    });
    expect(new Set(receiver.spans().map(({ name }) => name)).size).toBe(5_000);
  },
  30_000,
);

test.each(["normal", "SIGTERM", "exit"])(
  "a span whose time cannot be written costs no other at a %s end, and is told",
  async (how) => {
    await using receiver = await startOtlpReceiver();
    const { output } = await runApplication({
      file: "many.cjs",
      args: ["20", how, "odd"],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
    });
    expect(receiver.spans()).toHaveLength(20);
    expect(output).toMatch(/^ASSAY_\w+: .*lost.*$/m);
  },
);

test("a Collector that asks to wait for nine seconds does not hold the end", async () => {
  await using receiver = await startOtlpReceiver();
  receiver.respondWith(503, { headers: { "retry-after": "9" } });
  const begin = performance.now();
  const { code, output } = await runApplication({
    file: "many.cjs",
    args: ["1", "normal"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
  });
  expect(code).toBe(0);
  expect(output).toContain("lost: 1 of 1 batches");
  expect(performance.now() - begin).toBeLessThan(8_000);
});
