import { join } from "node:path";
import { expect, test } from "vitest";
import { type Bugsink, startBugsink } from "../support/bugsink.ts";
import { startCollector } from "../support/collector.ts";
import { startErrorBridge } from "../support/error-bridge.ts";
import { spawnService } from "../support/process.ts";
import { waitFor } from "../support/wait.ts";

// Nothing listens there: traces and metrics wait in their queues and disturb nobody.
const NOWHERE = "127.0.0.1:9";
const ERRORS = 1_000;
/** Of all, so many come before Sentry is taken away. */
const BEFORE = 20;

const LISTENING = /listening on (\d+)/;

async function startApplication(env: Record<string, string>) {
  const service = await spawnService({
    name: "errors-outage.mjs",
    command: process.execPath,
    args: ["--require", "@assay/node/register", join(import.meta.dirname, "errors-outage.mjs")],
    cwd: import.meta.dirname,
    env: { OTEL_METRICS_EXPORTER: "none", ASSAY_START_LINE: "false", ...env },
    ready: LISTENING,
  });
  const url = `http://127.0.0.1:${LISTENING.exec(service.output())![1]}`;
  return Object.assign(service, {
    async fail(from: number, to: number) {
      for (let n = from; n <= to; n += 1) {
        await (await fetch(`${url}/?name=${nameOf(n)}`)).text();
      }
    },
  });
}

/** A number in letters: 120 is "bca". */
function nameOf(n: number): string {
  return String(n).replaceAll(/\d/g, (digit) => "abcdefghij"[Number(digit)]!);
}

/** The names of the errors that bugsink has, each as often as it has it. */
async function arrived(bugsink: Bugsink): Promise<(string | undefined)[]> {
  const issues = await bugsink.issues();
  return issues.flatMap(({ calculated_value: value, digested_event_count: count }) =>
    Array.from({ length: count }, () => /payout (\w+) failed/.exec(value)?.[1]),
  );
}

/** Waits until as many errors have come as were made; gives the names of those that came, in order. */
async function namesOfAll(bugsink: Bugsink): Promise<(string | undefined)[]> {
  await waitFor(async () => (await arrived(bugsink)).length >= ERRORS, {
    what: `${ERRORS} errors in bugsink`,
    deadlineMs: 120_000,
    everyMs: 3_000,
  });
  return (await arrived(bugsink)).toSorted();
}

const NAMES = Array.from({ length: ERRORS }, (_, index) => nameOf(index + 1)).toSorted();

test("errors of a time without Sentry are each there once when it is back, sent from the process", async () => {
  await using bugsink = await startBugsink();
  await using application = await startApplication({
    SENTRY_DSN: bugsink.dsn,
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  });
  await application.fail(1, BEFORE);
  await bugsink.stop();
  await application.fail(BEFORE + 1, ERRORS);
  await bugsink.restart();
  expect(await namesOfAll(bugsink)).toEqual(NAMES);
}, 240_000);

test("errors of a time without Sentry are each there once when it is back, sent by the Collector and the bridge", async () => {
  await using bugsink = await startBugsink();
  await using bridge = await startErrorBridge({ dsn: bugsink.dsn });
  await using collector = await startCollector({
    jaegerGrpc: NOWHERE,
    prometheusUrl: `http://${NOWHERE}`,
    errorBridgeUrl: bridge.url,
  });
  await using application = await startApplication({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl,
  });
  await application.fail(1, BEFORE);
  await bugsink.stop();
  await application.fail(BEFORE + 1, ERRORS);
  await bugsink.restart();
  expect(await namesOfAll(bugsink)).toEqual(NAMES);
}, 240_000);
