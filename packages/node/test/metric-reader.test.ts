import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { isTracingSuppressed } from "@opentelemetry/core";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { createRedactor } from "@assay/redaction";
import { expect, onTestFinished, test, vi } from "vitest";
import { readConfig } from "../src/config.ts";
import type { RedactorFor } from "../src/gate-values.ts";
import { createLabelGuard } from "../src/label-guard.ts";
import { metricReader } from "../src/metric-reader.ts";
import { createSelfMetrics, type SelfMetrics } from "../src/self-metrics.ts";

test("what a gauge asks for at an export makes no span", async () => {
  const printed = vi.spyOn(console, "dir").mockImplementation(() => {});
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  onTestFinished(() => {
    printed.mockRestore();
    context.disable();
  });
  const self = createSelfMetrics();
  const say = (): void => {};
  const reader = metricReader("console", {
    config: readConfig({}, () => {}),
    redactorFor: () => createRedactor(),
    labelGuard: createLabelGuard(self, say),
    self,
    say,
  });
  const provider = new MeterProvider({ readers: [reader!] });
  const seen: boolean[] = [];
  const gauge = provider.getMeter("shop").createObservableGauge("shop.waiting");
  gauge.addCallback(async () => {
    await Promise.resolve();
    seen.push(isTracingSuppressed(context.active()));
  });
  await provider.forceFlush();
  expect(seen).toEqual([true]);
  await provider.shutdown();
});

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
