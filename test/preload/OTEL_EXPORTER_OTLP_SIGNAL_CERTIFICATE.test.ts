import { expect, test } from "vitest";
import { securely } from "./securely.ts";
import { sent, SIGNALS } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_<SIGNAL>_CERTIFICATE is for its signal; that of all by default", async () => {
  const all = await Promise.all(
    SIGNALS.map((signal) =>
      securely(({ ca }) => ({ [`OTEL_EXPORTER_OTLP_${signal}_CERTIFICATE`]: ca.cert })),
    ),
  );
  expect(all.map(({ got }) => got)).toEqual([["traces"], ["metrics"], ["logs"]]);
});

test("a wrong OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE is one sentence, and nothing that it is for goes out", async () => {
  const { code, said, requests } = await sent({
    file: "ends.cjs",
    args: ["normal"],
    env: { OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: "absent.pem" },
  });
  expect({ code, said, paths: requests.map(({ path }) => path).toSorted() }).toEqual({
    code: 0,
    said: [
      'ASSAY_CONFIG: OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE is "absent.pem"; use the path of a file in PEM that this process can read. Nothing that it is for goes out by OTLP until then.',
    ],
    paths: ["/v1/logs", "/v1/metrics"],
  });
});
