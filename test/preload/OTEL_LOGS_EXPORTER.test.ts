import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_LOGS_EXPORTER says where log records go: to the console, nowhere, and to the Collector by default", async () => {
  const [printed, none, byDefault] = await Promise.all([
    sent({ env: { OTEL_LOGS_EXPORTER: "console" } }),
    sent({ env: { OTEL_LOGS_EXPORTER: "none" } }),
    sent(),
  ]);
  expect([printed, none, byDefault].map(({ logs }) => logs.length)).toEqual([0, 0, 1]);
  const text = printed.said.join("\n");
  expect(text).toContain("logged");
  expect(text).toContain("payer card 411111******1111");
  expect([none.said, byDefault.said]).toEqual([[], []]);
});

test("a wrong OTEL_LOGS_EXPORTER is one sentence", async () => {
  expect(await told("OTEL_LOGS_EXPORTER", "none,otlp")).toEqual(
    once(
      'OTEL_LOGS_EXPORTER is "none,otlp"; use a list of otlp and console, or none. Assay uses otlp.',
    ),
  );
});
