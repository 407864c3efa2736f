import { join } from "node:path";
import { observePool } from "@assay/finance";
import { Pool } from "pg";
import { expect, test } from "vitest";
import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { startPostgres } from "../support/postgres.ts";
import { type Service, spawnService } from "../support/process.ts";
import { waitFor } from "../support/wait.ts";

const PREFIX = "db.client.connection.";
const POOL = `${PREFIX}pool.name`;
const STATE = `${PREFIX}state`;

function spawnPools(file: string, url: string, receiver: OtlpReceiver): Promise<Service> {
  return spawnService({
    name: file,
    command: process.execPath,
    args: [
      "--expose-gc",
      "--require",
      "@assay/node/register",
      join(import.meta.dirname, file),
      url,
    ],
    cwd: import.meta.dirname,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRIC_EXPORT_INTERVAL: "200",
      OTEL_METRIC_EXPORT_TIMEOUT: "200",
      ASSAY_START_LINE: "false",
    },
  });
}

/** The latest series of all pools, whoever recorded them; of a histogram its count. */
function poolSeries(receiver: OtlpReceiver): Record<string, number> {
  const exported = receiver.metrics().filter(({ name }) => name.startsWith(PREFIX));
  const latest = new Map(exported.map((metric) => [`${metric.scope.name} ${metric.name}`, metric]));
  const series = [...latest.values()].flatMap(({ name, points }) =>
    points.map(({ attributes, value, count }): [string, number] => {
      const labels = [attributes[POOL], attributes[STATE]] as (string | undefined)[];
      const key = [name.slice(PREFIX.length), ...labels].filter((each) => each !== undefined);
      return [key.join(" "), (value ?? count)!];
    }),
  );
  expect(new Set(series.map(([key]) => key)).size).toBe(series.length); // nothing twice
  return Object.fromEntries(series);
}

test("a pool that is used up shows who waits and who gave up, whether the application names it or not", async () => {
  await using receiver = await startOtlpReceiver();
  await using postgres = await startPostgres();
  await using application = await spawnPools("pool.mjs", postgres.url, receiver);
  const { host, pathname } = new URL(postgres.url);
  const other = `${host}${pathname}`;
  const seen = (series: string, value: number) =>
    waitFor(
      () => {
        const all = poolSeries(receiver);
        return all[series] === value && all;
      },
      { what: `${series} to be ${value}`, deadlineMs: 30_000 },
    );

  const usedUp = await seen("timeouts reports", 2);
  expect(usedUp).toEqual({
    "count ledger used": 2,
    "count ledger idle": 0,
    "max ledger": 2,
    "idle.max ledger": 2,
    "pending_requests ledger": 2,
    "timeouts ledger": 0,
    "wait_time ledger": 2,
    "create_time ledger": 2,
    "count reports used": 1,
    "count reports idle": 0,
    "max reports": 1,
    "idle.max reports": 1,
    "pending_requests reports": 0,
    "timeouts reports": 2,
    "wait_time reports": 1,
    "create_time reports": 1,
    [`count ${other} used`]: 1,
    [`count ${other} idle`]: 0,
    [`max ${other}`]: 1,
    [`pending_requests ${other}`]: 1,
  });
  expect(JSON.parse(application.output())).toEqual({
    givenUp: "timeout exceeded when trying to connect",
    isCalledBack: true,
  });

  await application.kill("SIGUSR2");
  expect(await seen("use_time ledger", 5)).toMatchObject({
    "count ledger used": 0,
    "count ledger idle": 2,
    "pending_requests ledger": 0,
    "wait_time ledger": 5,
    "create_time ledger": 2,
    [`count ${other} used`]: 0,
    [`count ${other} idle`]: 1,
    [`pending_requests ${other}`]: 0,
  });

  await application.kill("SIGUSR2");
  expect(await seen("max ledger", 0)).toMatchObject({
    "count ledger used": 0,
    "count ledger idle": 0,
    "max reports": 0,
    [`count ${other} idle`]: 0,
    [`max ${other}`]: 0,
  });
});

test("pools that nobody has any more are collected, though they were never ended", async () => {
  await using receiver = await startOtlpReceiver();
  await using postgres = await startPostgres();
  await using application = await spawnPools("pool-collected.mjs", postgres.url, receiver);
  const { code } = await application.exited;
  expect({ code, output: application.output() }).toEqual({ code: 0, output: "2\n" });
});

test("a pool of pg fits by its type, and without an SDK stays as it is", () => {
  const pool = new Pool();
  observePool(pool, { name: "ledger" });
  expect([Object.hasOwn(pool, "connect"), pool.eventNames()]).toEqual([false, []]);
});
