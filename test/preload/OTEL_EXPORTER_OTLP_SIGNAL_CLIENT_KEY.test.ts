import { expect, test } from "vitest";
import { securely } from "./securely.ts";
import { sent, SIGNALS } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_<SIGNAL>_CLIENT_KEY is for its signal; that of all by default", async () => {
  const all = await Promise.all(
    SIGNALS.map((signal) =>
      securely(
        ({ ca, client, stranger }) => ({
          OTEL_EXPORTER_OTLP_CERTIFICATE: ca.cert,
          OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.cert,
          OTEL_EXPORTER_OTLP_CLIENT_KEY: stranger.key,
          [`OTEL_EXPORTER_OTLP_${signal}_CLIENT_KEY`]: client.key,
        }),
        { asksClient: true },
      ),
    ),
  );
  expect(all.map(({ got }) => got)).toEqual([["traces"], ["metrics"], ["logs"]]);
});

test("a wrong OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY is one sentence, and nothing that it is for goes out", async () => {
  const { code, said, requests } = await sent({
    file: "ends.cjs",
    args: ["normal"],
    env: { OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: "application.ts" },
  });
  expect({ code, said, paths: requests.map(({ path }) => path).toSorted() }).toEqual({
    code: 0,
    said: [
      'ASSAY_CONFIG: OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY is "application.ts"; use the path of a file in PEM that this process can read. Nothing that it is for goes out by OTLP until then.',
    ],
    paths: ["/v1/logs", "/v1/metrics"],
  });
});
