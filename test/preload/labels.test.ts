import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait.ts";
import { startApplication } from "./application.ts";

test("ids, numbers of phones and raw paths are labels on neither way, each is told once, and the count stays right", async () => {
  await using receiver = await startOtlpReceiver();
  await using application = await startApplication({
    file: "labels.cjs",
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "otlp,prometheus",
      OTEL_METRIC_EXPORT_INTERVAL: "200",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
    },
    ready: /metrics is served at/,
  });
  const [url = ""] = /http:\S+metrics/.exec(application.output()) ?? [];
  const text = await waitFor(
    async () => {
      const answer = await (await fetch(url)).text();
      return answer.includes("assay_series_overflows_total 1") ? answer : undefined;
    },
    { what: "the count of instruments with too many series" },
  );
  const series = (name: string): string[] =>
    text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  expect({
    payments: series("shop_payments_total"),
    wait: series("shop_wait_seconds_count"),
    settled: series("shop_settled_total"),
    taken: series("assay_label_dropped_total"),
    batches: series("shop_batches_total").length,
    rest: series("shop_batches_total").filter((line) => line.includes("overflow")),
  }).toEqual({
    payments: ['shop_payments_total{rail="mpesa"} 3000'],
    wait: ['shop_wait_seconds_count{http_route="/payments/:id"} 3000'],
    settled: ["shop_settled_total 6"],
    taken: ["assay_label_dropped_total 7"],
    batches: 2_000,
    rest: ['shop_batches_total{otel_metric_overflow="true"} 1001'],
  });

  const pushed = await receiver.waitForMetric(({ name }) => name === "shop.payments");
  expect(pushed.points.map(({ attributes, value }) => ({ attributes, value }))).toEqual([
    { attributes: { rail: "mpesa" }, value: 3_000 },
  ]);
  expect(JSON.stringify(receiver.metrics())).not.toMatch(/pay_\d|cus_\d|25471234|org_\d/);
  const told = application
    .output()
    .split("\n")
    .filter((line) => line.startsWith("ASSAY_METRIC"))
    .map((line) =>
      /^ASSAY_METRIC: the instrument (\S+) has (?:the label (\S+),|reached)/.exec(line),
    )
    .map((match) => `${match?.[1]} ${match?.[2] ?? "limit"}`);
  expect(told.toSorted()).toEqual([
    "shop.batches limit",
    "shop.payments customer_id",
    "shop.payments finance.payment.id",
    "shop.payments msisdn",
    "shop.payments paymentId",
    "shop.settled finance.tenant.id",
    "shop.wait path",
    "shop.wait url.path",
  ]);
});
