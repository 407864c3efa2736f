import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";

async function consoleRecords(
  value: string | undefined,
  more: Record<string, string> = {},
): Promise<{ records: unknown[]; stderr: string; code: number | null }> {
  await using receiver = await startOtlpReceiver();
  const { code, stderr } = await runApplication({
    file: "logs.cjs",
    args: ["console"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
      ...(value === undefined ? {} : { ASSAY_CONSOLE_LOGS: value }),
      ...more,
    },
  });
  const records = receiver
    .logs()
    .map(({ severityText, body }) => [severityText, String(body).split("\n")[0]]);
  return { records, stderr, code };
}

const RECORDS = [
  ["info", "one of two"],
  ["warn", "card 411111******1111"],
  ["info", "circular <ref *1> { name: 'round', self: [Circular *1] }"],
  ["error", "failed: TypeError: no float"],
  ["debug", "detail"],
  ["trace", "where"],
  ["info", "┌─────────┬───┐"],
];

test.each([
  [undefined, []],
  ["none", []],
  ["debug", RECORDS],
  ["info", RECORDS.filter(([level]) => level !== "debug" && level !== "trace")],
  ["warn", RECORDS.filter(([level]) => level === "warn" || level === "error")],
  ["error", RECORDS.filter(([level]) => level === "error")],
])("%s sends the console from that level on, each call once", async (value, expected) => {
  expect((await consoleRecords(value)).records).toEqual(expected);
});

test("another value is told in one sentence, and nothing is sent", async () => {
  const { records, stderr } = await consoleRecords("all");
  expect({ records, told: stderr.split("\n")[0] }).toEqual({
    records: [],
    told: 'ASSAY_CONFIG: ASSAY_CONSOLE_LOGS is "all"; use none, debug, info, warn, error. Assay uses none.',
  });
});

test("what is exported to the console, and what Assay says of itself, is not sent again", async () => {
  const env = { OTEL_LOGS_EXPORTER: "otlp,console", OTEL_LOG_LEVEL: "DEBUG" };
  const { records, code } = await consoleRecords("debug", env);
  expect({ records, code }).toEqual({ records: RECORDS, code: 0 });
});
