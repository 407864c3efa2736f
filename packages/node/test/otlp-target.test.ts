import { expect, test } from "vitest";
import { otlpTarget } from "../src/otlp-target.ts";

test.each([
  [{}, "http://localhost:4318/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://host:1" }, "http://host:1/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://host:1/" }, "http://host:1/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://host:1/otlp" }, "http://host:1/otlp/v1/traces"],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://b:2" },
    "http://b:2/",
  ],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://b:2/spans?a=1" }, "http://b:2/spans?a=1"],
  [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://b:2" }, "http://localhost:4318/v1/traces"],
])("of %j the URL of spans is %s", (env, url) => {
  expect(otlpTarget("TRACES", env).url).toBe(url);
});

test("a signal's own setting wins over that of all, and its headers are added", () => {
  expect(
    otlpTarget("LOGS", {
      OTEL_EXPORTER_OTLP_HEADERS: "a=1,b=2",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "b=3%2C4",
      OTEL_EXPORTER_OTLP_TIMEOUT: "7",
      OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "8",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: "none",
    }),
  ).toEqual({
    url: "http://localhost:4318/v1/logs",
    headers: { a: "1", b: "3,4" },
    timeoutMs: 8,
    compression: "none",
  });
});
