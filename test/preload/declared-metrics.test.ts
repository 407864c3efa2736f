import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait.ts";
import { startApplication } from "./application.ts";
import { sentUnder } from "./declared.ts";

const otlp = (settings = ""): string =>
  `{otlp_http: {endpoint: "\${RECEIVER}/v1/metrics", encoding: json${settings}}}`;

test("views, aggregations and limits of a configuration file hold", async () => {
  const { metrics, said } = await sentUnder(
    `meter_provider:
  readers: [{periodic: {exporter: ${otlp(", default_histogram_aggregation: base2_exponential_bucket_histogram")}, cardinality_limits: {counter: 3}}}]
  views:
    - {selector: {instrument_name: shop.refused}, stream: {aggregation: {drop: }}}
    - {selector: {instrument_name: shop.orders, meter_name: shop}, stream: {name: shop.ordered, attribute_keys: {included: [rail]}}}
    - {selector: {instrument_name: shop.wait}, stream: {aggregation: {explicit_bucket_histogram: {boundaries: [1, 2]}}}}`,
    { file: "shop.cjs" },
  );
  const shop = metrics.filter(({ name }) => name.startsWith("shop."));
  expect(said).toEqual([
    expect.stringMatching(
      /^ASSAY_METRIC: the instrument shop\.many has reached its limit of 3 series, /,
    ),
  ]);
  expect(
    Object.fromEntries(
      shop.map(({ name, type, points }) => [
        name,
        [type, points.length, points[0]?.explicitBounds],
      ]),
    ),
  ).toEqual({
    "shop.ordered": ["sum", 1, undefined],
    "shop.wait": ["histogram", 1, [1, 2]],
    "shop.many": ["sum", 3, undefined],
    "shop.other": ["exponentialHistogram", 1, undefined],
  });
});

test("deltas that a Collector refuses for a while are sent when it is back, each once", async () => {
  await using folder = await temporaryFolder("deltas");
  await using receiver = await startOtlpReceiver();
  receiver.respondWith(503);
  const file = join(folder.path, "otel.yaml");
  const reader = `{periodic: {interval: 400, exporter: ${otlp(", temporality_preference: delta")}}}`;
  await writeFile(file, `file_format: "1.0"\nmeter_provider: {readers: [${reader}]}\n`);
  await using application = await startApplication({
    file: "shop.cjs",
    args: ["lives"],
    env: { OTEL_CONFIG_FILE: file, RECEIVER: receiver.url },
    ready: /metrics are not delivered/,
  });
  await waitFor(() => receiver.requests.length > 2, { what: "collections that are refused" });
  receiver.respondWith(200);
  await receiver.waitForMetric(({ name }) => name === "shop.orders");
  await application.stop();
  const orders = receiver.metrics().filter(({ name }) => name === "shop.orders");
  const counted = orders.flatMap(({ points }) => points.map(({ value }) => value));
  expect(counted).toEqual([2]);
  const sent = JSON.stringify(receiver.requests.map(({ body }) => body));
  expect(sent).toContain('"aggregationTemporality":1');
});
