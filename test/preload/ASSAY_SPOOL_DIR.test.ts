import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spoolFolder } from "../support/spool.ts";
import { runApplication } from "./application.ts";
import { once, told } from "./sent.ts";
import { leave, left, names } from "./spool-application.ts";

// More of what it does is in spool.test.ts.
test("ASSAY_SPOOL_DIR keeps what a SIGKILL left for the next process; without it nothing is kept", async () => {
  await using given = await spoolFolder();
  await leave(given);
  const next = async (env: Record<string, string>): Promise<string[]> => {
    await using receiver = await startOtlpReceiver();
    const all = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    await runApplication({ file: "spool.cjs", args: ["0", "", "normal"], env: all });
    return names(receiver);
  };
  const without = await next({ OTEL_METRICS_EXPORTER: "none" });
  const replayed = await next(given.env);
  expect({ without, replayed }).toEqual({ without: [], replayed: left() });
});

test("a wrong ASSAY_SPOOL_DIR is one sentence", async () => {
  await using given = await spoolFolder();
  const env = { ASSAY_SPOOL_KEY_FILE: given.keyFile };
  expect(await told("ASSAY_SPOOL_DIR", "/dev/null", env)).toEqual(
    once(
      'ASSAY_SPOOL_DIR is "/dev/null"; use the path of a folder that is no link and that this user alone can open (mode 700). Nothing is spooled until then.',
    ),
  );
});
