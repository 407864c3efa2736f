import { join } from "node:path";
import { expect, test } from "vitest";
import { spawnService } from "../support/process.ts";

// Each of the nine combinations of rail and outcome for 10,000 tenants, and as often for the large ones.
const COUNT = 360_000;

test("10,000 tenants are a page of metrics of less than 0.5 MB, and no payment of theirs is lost in it", async () => {
  await using application = await spawnService({
    name: "tenants.cjs",
    command: process.execPath,
    args: [
      "--require",
      "@assay/node/register",
      join(import.meta.dirname, "tenants.cjs"),
      String(COUNT),
    ],
    cwd: import.meta.dirname,
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
    },
    ready: /all paid/,
    deadlineMs: 90_000,
  });
  const [url = ""] = /http:\S+metrics/.exec(application.output()) ?? [];
  const text = await (await fetch(url)).text();
  const buckets = new Set(
    [...text.matchAll(/finance_tenant_bucket="([^"]+)"/g)].map(([, id]) => id),
  );
  const sumOf = (name: string): number =>
    text
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  expect({
    buckets: buckets.size,
    rest: buckets.has("_other"),
    ofTenants: sumOf("finance_tenant_payments_total"),
    all: sumOf("finance_payment_transactions_total"),
    durations: sumOf("finance_payment_duration_seconds_count"),
    isSmall: Buffer.byteLength(text) < 500_000,
  }).toEqual({
    buckets: 21,
    rest: true,
    ofTenants: COUNT,
    all: COUNT,
    durations: COUNT,
    isSmall: true,
  });
});
