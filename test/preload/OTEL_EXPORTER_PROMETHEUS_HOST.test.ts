import { expect, test } from "vitest";
import { startApplication } from "./application.ts";
import { once, told } from "./sent.ts";

test("OTEL_EXPORTER_PROMETHEUS_HOST is where /metrics listens; loopback by default", async () => {
  const served = await Promise.all([
    servedAt({ OTEL_EXPORTER_PROMETHEUS_HOST: "0.0.0.0", ASSAY_PROMETHEUS_OPEN: "true" }),
    servedAt({}),
  ]);
  expect(served).toEqual(["0.0.0.0", "127.0.0.1"]);
});

async function servedAt(env: Record<string, string>): Promise<string | undefined> {
  await using application = await startApplication({
    file: "metrics.cjs",
    env: { OTEL_METRICS_EXPORTER: "prometheus", OTEL_EXPORTER_PROMETHEUS_PORT: "0", ...env },
    ready: /metrics is served at/,
  });
  return /served at http:\/\/([\d.]+):/.exec(application.output())?.[1];
}

test("a wrong OTEL_EXPORTER_PROMETHEUS_HOST is one sentence", async () => {
  expect(await told("OTEL_EXPORTER_PROMETHEUS_HOST", "http://host")).toEqual(
    once(
      'OTEL_EXPORTER_PROMETHEUS_HOST is "http://host"; use a host name or an address. Assay uses 127.0.0.1.',
    ),
  );
});
