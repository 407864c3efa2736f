import { expect, test } from "vitest";
import { securely } from "./securely.ts";
import { sent } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE is shown to the Collector; none by default", async () => {
  const [shown, byDefault] = await Promise.all([
    securely(
      ({ ca, client }) => ({
        OTEL_EXPORTER_OTLP_CERTIFICATE: ca.cert,
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.cert,
        OTEL_EXPORTER_OTLP_CLIENT_KEY: client.key,
      }),
      { asksClient: true },
    ),
    securely(({ ca }) => ({ OTEL_EXPORTER_OTLP_CERTIFICATE: ca.cert }), { asksClient: true }),
  ]);
  expect([shown.got, byDefault.got]).toEqual([["logs", "metrics", "traces"], []]);
});

test("a wrong OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE is one sentence, and nothing that it is for goes out", async () => {
  const { code, said, requests } = await sent({
    file: "ends.cjs",
    args: ["normal"],
    env: { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "." },
  });
  expect({ code, said, paths: requests.map(({ path }) => path).toSorted() }).toEqual({
    code: 0,
    said: [
      'ASSAY_CONFIG: OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE is "."; use the path of a file in PEM that this process can read. Nothing that it is for goes out by OTLP until then.',
    ],
    paths: [],
  });
});
