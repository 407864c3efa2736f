import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_TRACES_SAMPLER_ARG is the share that traceidratio keeps; all by default", async () => {
  const ratio = { OTEL_TRACES_SAMPLER: "traceidratio" };
  const [none, byDefault] = await Promise.all([
    sent({ env: { ...ratio, OTEL_TRACES_SAMPLER_ARG: "0" } }),
    sent({ env: ratio }),
  ]);
  expect([none, byDefault].map(({ spans }) => spans.length)).toEqual([0, 1]);
});

test("a wrong OTEL_TRACES_SAMPLER_ARG is told once, and not a second time by OpenTelemetry itself", async () => {
  const ratio = { OTEL_TRACES_SAMPLER: "parentbased_traceidratio" };
  expect(await told("OTEL_TRACES_SAMPLER_ARG", "1.5", ratio)).toEqual(
    once('OTEL_TRACES_SAMPLER_ARG is "1.5"; use a number from 0 to 1. Assay uses 1.'),
  );
});
