import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { once, sent, told } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_TIMEOUT is how long the Collector may take; ten seconds by default", async () => {
  await using receiver = await startOtlpReceiver();
  receiver.respondWith(200, { delayMs: 400 });
  const [short, byDefault] = await Promise.all([
    sent({ to: receiver, env: { OTEL_EXPORTER_OTLP_TIMEOUT: "50" } }),
    sent({ to: receiver }),
  ]);
  for (const items of ["spans", "log records", "metrics"]) {
    expect(short.said).toContainEqual(
      expect.stringContaining(`ASSAY_EXPORT: ${items} are not delivered`),
    );
  }
  expect(byDefault.said).toEqual([]);
});

test("a wrong OTEL_EXPORTER_OTLP_TIMEOUT is one sentence", async () => {
  expect(await told("OTEL_EXPORTER_OTLP_TIMEOUT", "1.5s")).toEqual(
    once(
      'OTEL_EXPORTER_OTLP_TIMEOUT is "1.5s"; use a whole number greater than 0, up to 2147483647. Assay uses 10000.',
    ),
  );
});
