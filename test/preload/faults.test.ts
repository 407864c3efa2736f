import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";
import { spoolFolder } from "../support/spool.ts";

// Each is a part of the preload that throws, when it is loaded or whenever it is used: fixtures/sabotage.cjs.
const SABOTAGES = [
  "redaction cannot be loaded",
  "redaction throws",
  "the SDK cannot be loaded",
  "the exporters cannot be loaded",
  "the exporters throw",
  "the exporters give nonsense",
  "the counters cannot be loaded",
  "the counters throw",
  "the instrumentations cannot be loaded",
  "the instrumentations throw over a module",
  "what observes requests cannot be loaded",
  "what listens to channels throws",
  "what sends at the exit cannot be loaded",
  "the hook of import cannot be loaded",
  "stderr is closed",
  "the disk is full",
];

async function run(
  flags: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; signal: string | null; printed: string; errors: string }> {
  await using application = await spawnService({
    name: "faults.cjs",
    command: process.execPath,
    args: [...flags, "fixtures/faults.cjs"],
    cwd: import.meta.dirname,
    env: { NODE_OPTIONS: "", ...env },
  });
  const exit = await application.exited;
  const errors = application.output("stderr").replaceAll(/^ASSAY_.*(?:\n {4}at .*)*\n/gm, "");
  return { ...exit, printed: application.output("stdout"), errors };
}

const plain = run([], {});

test.each(SABOTAGES)("the application does not see that %s", async (sabotage) => {
  await using receiver = await startOtlpReceiver();
  await using spool = await spoolFolder();
  const seen = await run(
    ["--require", "./fixtures/sabotage.cjs", "--require", "@assay/node/register"],
    {
      SABOTAGE: sabotage,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRIC_EXPORT_INTERVAL: "100",
      OTEL_BSP_SCHEDULE_DELAY: "20",
      OTEL_BLRP_SCHEDULE_DELAY: "20",
      ...(sabotage === "the disk is full"
        ? { ASSAY_SPOOL_DIR: spool.folder, ASSAY_SPOOL_KEY_FILE: spool.keyFile }
        : {}),
    },
  );
  expect(seen).toEqual(await plain);
  expect(seen.printed).toContain("a failed request");
  // What cannot be redacted does not leave.
  const traces = receiver.requests.filter(({ path }) => path === "/v1/traces");
  expect(traces.length === 0 || !sabotage.startsWith("redaction")).toBe(true);
});
