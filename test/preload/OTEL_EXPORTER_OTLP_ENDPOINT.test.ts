import { expect, test } from "vitest";
import { runApplication } from "./application.ts";
import { sent } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_ENDPOINT gets every signal, below the path that it has", async () => {
  const { requests } = await sent();
  expect(new Set(requests.map(({ path }) => path))).toEqual(
    new Set(["/v1/traces", "/v1/metrics", "/v1/logs"]),
  );
});

test("a wrong OTEL_EXPORTER_OTLP_ENDPOINT is one sentence that names the default", async () => {
  const none = { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" };
  const { code, output } = await runApplication({
    file: "everything.cjs",
    env: { ...none, OTEL_LOGS_EXPORTER: "none", OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" },
  });
  expect({ code, output: output.trim() }).toEqual({
    code: 0,
    output:
      'ASSAY_CONFIG: OTEL_EXPORTER_OTLP_ENDPOINT is "collector:4318"; use an http:// or https:// URL such as http://127.0.0.1:4318. Assay uses http://localhost:4318.',
  });
});
