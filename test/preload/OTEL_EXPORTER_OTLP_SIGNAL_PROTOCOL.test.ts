import { expect, test } from "vitest";
import { once, sent, SIGNALS, told } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_<SIGNAL>_PROTOCOL is for its signal; that of all by default", async () => {
  const all = await Promise.all(
    SIGNALS.map((signal) =>
      sent({ env: { [`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`]: "http/protobuf" } }),
    ),
  );
  const binary = all.map(({ requests }) => [
    ...new Set(requests.filter(({ status }) => status === 415).map(({ path }) => path)),
  ]);
  expect(binary).toEqual([["/v1/traces"], ["/v1/metrics"], ["/v1/logs"]]);
});

test("a wrong OTEL_EXPORTER_OTLP_LOGS_PROTOCOL is one sentence", async () => {
  expect(await told("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "grpc")).toEqual(
    once(
      'OTEL_EXPORTER_OTLP_LOGS_PROTOCOL is "grpc"; use http/json or http/protobuf; Assay sends no gRPC. It is ignored.',
    ),
  );
});
