import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_LOG_LEVEL is how much OpenTelemetry says of itself; warnings by default", async () => {
  const [verbose, byDefault] = await Promise.all([
    sent({ env: { OTEL_LOG_LEVEL: "debug" } }),
    sent(),
  ]);
  expect(verbose.said).toContainEqual(expect.stringMatching(/^ASSAY_OTEL: /));
  expect(byDefault.said).toEqual([]);
});

test("a wrong OTEL_LOG_LEVEL is one sentence", async () => {
  expect(await told("OTEL_LOG_LEVEL", "LOUD")).toEqual(
    once(
      'OTEL_LOG_LEVEL is "LOUD"; use NONE, ERROR, WARN, INFO, DEBUG, VERBOSE, ALL. Assay uses WARN.',
    ),
  );
});
