import { expect, test } from "vitest";
import { once, sent, SIGNALS, told } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_<SIGNAL>_COMPRESSION is for its signal; that of all by default", async () => {
  const all = await Promise.all(
    SIGNALS.map((signal) =>
      sent({ env: { [`OTEL_EXPORTER_OTLP_${signal}_COMPRESSION`]: "gzip" } }),
    ),
  );
  const compressed = all.map(({ requests }) =>
    requests
      .filter(({ headers }) => headers["content-encoding"] === "gzip")
      .map(({ path }) => path),
  );
  expect(compressed).toEqual([["/v1/traces"], ["/v1/metrics"], ["/v1/logs"]]);
});

test("a wrong OTEL_EXPORTER_OTLP_METRICS_COMPRESSION is one sentence", async () => {
  expect(await told("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "zstd")).toEqual(
    once('OTEL_EXPORTER_OTLP_METRICS_COMPRESSION is "zstd"; use gzip or none. It is ignored.'),
  );
});
