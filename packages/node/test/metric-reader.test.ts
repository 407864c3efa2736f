import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { createRedactor } from "@assay/redaction";
import { expect, onTestFinished, test, vi } from "vitest";
import { readConfig } from "../src/config.ts";
import type { RedactorFor } from "../src/gate-values.ts";
import { createLabelGuard } from "../src/label-guard.ts";
import { metricReader } from "../src/metric-reader.ts";
import { createSelfMetrics, type SelfMetrics } from "../src/self-metrics.ts";

test("a first collection that cannot be redacted is dropped, and the next one goes", async () => {
  const printed = vi.spyOn(console, "dir").mockImplementation(() => {});
  onTestFinished(() => printed.mockRestore());
  let isBroken = true;
  const redactorFor: RedactorFor = () => {
    if (isBroken) throw new Error("no engine");
    return createRedactor();
  };
  const dropped = vi.fn<SelfMetrics["dropped"]>();
  const config = readConfig({}, () => {});
  const self = { ...createSelfMetrics(), dropped };
  const say = (): void => {};
  const labelGuard = createLabelGuard(self, say);
  const reader = metricReader("console", { config, redactorFor, labelGuard, self, say });
  const provider = new MeterProvider({ readers: [reader!] });
  provider.getMeter("shop").createCounter("shop.orders").add(1);
  await provider.forceFlush();
  isBroken = false;
  await provider.forceFlush();
  expect([dropped.mock.calls, printed.mock.calls.length]).toEqual([
    [["metrics", "redaction_failed", 1]],
    1,
  ]);
  await provider.shutdown();
});
