import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";

test("redaction counts what it looked at and what it found, by class, signal, surface and action", async () => {
  await using receiver = await startOtlpReceiver();
  await runApplication({
    file: "customer.cjs",
    args: ["cus_1", "254712345678"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  const points = receiver
    .metrics()
    .filter(({ name }) => name.startsWith("finance.redaction."))
    .map(({ name, points: each }) => [name, each] as const);
  const byName = Object.fromEntries(points);
  expect(byName["finance.redaction.values"]?.map(({ attributes }) => attributes)).toContainEqual({
    "finance.data.classification": "pii",
    "finance.redaction.action": "removed",
    "finance.redaction.surface": "attribute",
    "assay.signal": "traces",
  });
  const total = (name: string): number => Number(byName[name]?.[0]?.value);
  expect(total("finance.redaction.candidates")).toBeGreaterThan(0);
  expect(total("finance.redaction.checked")).toBeGreaterThan(total("finance.redaction.candidates"));
  expect(total("finance.redaction.scanned")).toBeGreaterThan(total("finance.redaction.checked"));
});
