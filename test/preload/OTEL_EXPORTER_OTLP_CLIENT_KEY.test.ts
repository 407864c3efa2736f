import { expect, test } from "vitest";
import { securely } from "./securely.ts";
import { sent } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_CLIENT_KEY is the key of the certificate that is shown; also when the process exits", async () => {
  const shown = await securely(
    ({ ca, client }) => ({
      OTEL_EXPORTER_OTLP_CERTIFICATE: ca.cert,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.cert,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: client.key,
    }),
    { asksClient: true, end: "exit" },
  );
  expect(shown.got).toEqual(["logs", "traces"]);
});

test("a wrong OTEL_EXPORTER_OTLP_CLIENT_KEY is one sentence, and nothing that it is for goes out", async () => {
  const { code, said, requests } = await sent({
    file: "ends.cjs",
    args: ["normal"],
    env: { OTEL_EXPORTER_OTLP_CLIENT_KEY: "application.ts" },
  });
  expect({ code, said, paths: requests.map(({ path }) => path).toSorted() }).toEqual({
    code: 0,
    said: [
      'ASSAY_CONFIG: OTEL_EXPORTER_OTLP_CLIENT_KEY is "application.ts"; use the path of a file in PEM that this process can read. Nothing that it is for goes out by OTLP until then.',
    ],
    paths: [],
  });
});
