import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { once, sent, SIGNALS, told } from "./sent.ts";

const ITEMS = { TRACES: "spans", METRICS: "metrics", LOGS: "log records" };

test("OTEL_EXPORTER_OTLP_<SIGNAL>_TIMEOUT is for its signal; that of all by default", async () => {
  await using receiver = await startOtlpReceiver();
  receiver.respondWith(200, { delayMs: 400 });
  const all = await Promise.all(
    SIGNALS.map((signal) =>
      sent({ to: receiver, env: { [`OTEL_EXPORTER_OTLP_${signal}_TIMEOUT`]: "50" } }),
    ),
  );
  const late = all.map(({ said }) => [
    ...new Set(
      said.flatMap((line) => /ASSAY_EXPORT: (.+) are not delivered/.exec(line)?.[1] ?? []),
    ),
  ]);
  expect(late).toEqual(SIGNALS.map((signal) => [ITEMS[signal]]));
});

test("a wrong OTEL_EXPORTER_OTLP_TRACES_TIMEOUT is one sentence", async () => {
  expect(await told("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "1e3")).toEqual(
    once(
      'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT is "1e3"; use a whole number greater than 0, up to 2147483647. It is ignored.',
    ),
  );
});
