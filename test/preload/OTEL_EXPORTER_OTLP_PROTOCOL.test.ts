import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_PROTOCOL is the encoding of every signal; http/json by default", async () => {
  const [protobuf, byDefault] = await Promise.all([
    sent({ env: { OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" } }),
    sent(),
  ]);
  const encodings = [protobuf, byDefault].map(({ requests }) => [
    ...new Set(requests.map(({ headers }) => headers["content-type"])),
  ]);
  expect(encodings).toEqual([["application/x-protobuf"], ["application/json"]]);
});

test("a wrong OTEL_EXPORTER_OTLP_PROTOCOL is one sentence", async () => {
  expect(await told("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")).toEqual(
    once(
      'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc"; use http/json or http/protobuf; Assay sends no gRPC. Assay uses http/json.',
    ),
  );
});
