import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_TRACES_EXPORTER says where spans go: to the console, nowhere, and to the Collector by default", async () => {
  const [printed, none, byDefault] = await Promise.all([
    sent({ env: { OTEL_TRACES_EXPORTER: "console" } }),
    sent({ env: { OTEL_TRACES_EXPORTER: "none" } }),
    sent(),
  ]);
  expect([printed, none, byDefault].map(({ spans }) => spans.length)).toEqual([0, 0, 1]);
  const text = printed.said.join("\n");
  expect(text).toContain("finished 0");
  expect(text).toContain("payer card 411111******1111");
  expect([none.said, byDefault.said]).toEqual([[], []]);
});

test("a wrong OTEL_TRACES_EXPORTER is one sentence", async () => {
  expect(await told("OTEL_TRACES_EXPORTER", "zipkin")).toEqual(
    once(
      'OTEL_TRACES_EXPORTER is "zipkin"; use a list of otlp and console, or none. Assay uses otlp.',
    ),
  );
});
