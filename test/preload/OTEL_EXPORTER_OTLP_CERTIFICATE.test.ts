import { expect, test } from "vitest";
import { securely } from "./securely.ts";
import { sent } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_CERTIFICATE is the authority that the Collector is checked against; the public ones by default", async () => {
  const trusted = await securely(({ ca }) => ({ OTEL_EXPORTER_OTLP_CERTIFICATE: ca.cert }));
  const byDefault = await securely(() => ({}));
  expect([trusted.got, byDefault.got]).toEqual([["logs", "metrics", "traces"], []]);
  expect(byDefault.said).toContainEqual(
    expect.stringMatching(/^ASSAY_EXPORT: spans are not delivered: .*certificate/),
  );
});

test("a wrong OTEL_EXPORTER_OTLP_CERTIFICATE is one sentence, and nothing that it is for goes out", async () => {
  const { code, said, requests } = await sent({
    file: "ends.cjs",
    args: ["normal"],
    env: { OTEL_EXPORTER_OTLP_CERTIFICATE: "absent.pem" },
  });
  expect({ code, said, paths: requests.map(({ path }) => path).toSorted() }).toEqual({
    code: 0,
    said: [
      'ASSAY_CONFIG: OTEL_EXPORTER_OTLP_CERTIFICATE is "absent.pem"; use the path of a file in PEM that this process can read. Nothing that it is for goes out by OTLP until then.',
    ],
    paths: [],
  });
});
