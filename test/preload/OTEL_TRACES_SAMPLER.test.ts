import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_TRACES_SAMPLER decides which traces are kept; all of them by default", async () => {
  const [off, byDefault] = await Promise.all([
    sent({ env: { OTEL_TRACES_SAMPLER: "always_off" } }),
    sent(),
  ]);
  expect([off, byDefault].map(({ spans, logs }) => [spans.length, logs.length])).toEqual([
    [0, 1],
    [1, 1],
  ]);
});

test("a wrong OTEL_TRACES_SAMPLER is told once, and not a second time by OpenTelemetry itself", async () => {
  expect(await told("OTEL_TRACES_SAMPLER", "sometimes")).toEqual(
    once(
      'OTEL_TRACES_SAMPLER is "sometimes"; use always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio. Assay uses parentbased_always_on.',
    ),
  );
});
