import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startApplication } from "../preload/application.ts";
import { makeCertificates } from "../support/certificate.ts";
import { temporaryFolder } from "../support/folder.ts";
import { freePort } from "../support/process.ts";
import { startPrometheus } from "../support/prometheus.ts";

const RULES = {
  "shop:orders": "sum by (job, queue) (shop_orders_total)",
  "shop:open": "sum by (job) (shop_open)",
  "shop:wait:p50": "histogram_quantile(0.5, sum by (job, le) (shop_wait_seconds_bucket))",
  "shop:float:max": "max by (job) (shop_float)",
  "shop:float:sum": "sum by (job) (shop_float)",
};

test("Prometheus scrapes a cluster by TLS with a token, and every rule gives what it gives of the same metrics pushed", async () => {
  await using folder = await temporaryFolder("scrape");
  const { ca, server } = makeCertificates(folder.path);
  const tokenFile = join(folder.path, "token");
  writeFileSync(tokenFile, "scrape-me-0123456789\n");
  const port = await freePort();
  await using prometheus = await startPrometheus({
    app: `127.0.0.1:${port}`,
    appAccess: { caFile: ca.cert, tokenFile },
    rules: RULES,
  });
  await using application = await startApplication({
    file: "cluster.cjs",
    env: {
      OTEL_SERVICE_NAME: "pushed",
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "otlp,prometheus",
      OTEL_METRIC_EXPORT_INTERVAL: "500",
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${prometheus.url}/api/v1/otlp/v1/metrics`,
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      ASSAY_PROMETHEUS_TOKEN_FILE: tokenFile,
      ASSAY_PROMETHEUS_CERTIFICATE_FILE: server.cert,
      ASSAY_PROMETHEUS_KEY_FILE: server.key,
    },
    ready: /control at/,
  });
  await prometheus.waitForSeries(
    '{__name__="shop:orders"}',
    (series) => series.filter(({ value }) => value === 31).length === 2,
    30_000,
  );
  const found: Record<string, object> = {};
  for (const name of Object.keys(RULES)) {
    const series = await prometheus.waitForSeries(
      `{__name__="${name}"}`,
      (all) => all.length === 2,
    );
    found[name] = Object.fromEntries(series.map(({ metric, value }) => [metric["job"], value]));
  }
  const both = (value: unknown): object => ({ application: value, pushed: value });
  expect(found).toEqual({
    "shop:orders": both(31),
    "shop:open": both(6),
    "shop:wait:p50": both(expect.closeTo((found["shop:wait:p50"] as { pushed: number }).pushed)),
    "shop:float:max": both(7),
    "shop:float:sum": both(13),
  });
  expect(application.output()).toMatch(/^control at \S+\n$/);
});
