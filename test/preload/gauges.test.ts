import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait.ts";
import { startApplication } from "./application.ts";

test("a gauge that is observed no more is neither pushed nor scraped, and a counter goes on", async () => {
  await using receiver = await startOtlpReceiver();
  await using application = await startApplication({
    file: "gauge.cjs",
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "otlp,prometheus",
      OTEL_METRIC_EXPORT_INTERVAL: "100",
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
    },
    ready: /metrics is served at/,
  });
  const url = /http:\/\/\S+\/metrics/.exec(application.output())?.[0] ?? "";
  const scraped = async (): Promise<string[]> => {
    const text = await (await fetch(url)).text();
    return ["shop_queue", "shop_orders_total"].filter((name) => text.includes(`# TYPE ${name} `));
  };
  const pushed = (): string[] => {
    const last = receiver.requests.findLast(({ path }) => path === "/v1/metrics");
    const text = JSON.stringify(last?.body ?? null);
    return ["shop.queue", "shop.orders"].filter((name) => text.includes(`"${name}"`));
  };
  await receiver.waitForMetric(({ name }) => name === "shop.queue");
  expect(await scraped()).toEqual(["shop_queue", "shop_orders_total"]);

  await application.kill("SIGUSR2");
  await waitFor(async () => !(await scraped()).includes("shop_queue"), {
    what: "a scrape without the queue",
  });
  await waitFor(() => !pushed().includes("shop.queue"), { what: "an export without the queue" });
  expect([await scraped(), pushed()]).toEqual([["shop_orders_total"], ["shop.orders"]]);
});
