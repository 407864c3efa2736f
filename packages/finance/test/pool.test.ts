import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { type ConnectionPool, observePool } from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

const NAME = ["db.client.connection.pool.name"];

type Callback = (error: unknown, client?: object) => void;

/** A pool of the shape of pg's, with clients that are handed out by the test. */
class FakePool extends EventEmitter implements ConnectionPool {
  totalCount = 2;
  idleCount = 1;
  waitingCount = 3;
  ended = false;
  options = { max: 5 };
  asked: Callback[] = [];
  connect = (callback?: Callback): Promise<object> | undefined => {
    if (callback !== undefined) return void this.asked.push(callback);
    return new Promise((resolve, reject) => {
      this.asked.push((error, client) => (error === undefined ? resolve(client!) : reject(error)));
    });
  };
}

test("pools of one name are added up, and are nothing when they have ended", async () => {
  using recorded = recordTelemetry();
  const pools = [new FakePool(), new FakePool()];
  for (const pool of pools) {
    observePool(pool, { name: "ledger" });
    observePool(pool, { name: "ledger" }); // once more changes nothing
  }
  const read = async () => ({
    ...(await recorded.series("db.client.connection.count", ["db.client.connection.state"])),
    ...(await recorded.series("db.client.connection.max", NAME)),
    pending: (await recorded.series("db.client.connection.pending_requests", NAME))["ledger"],
    timeouts: (await recorded.series("db.client.connection.timeouts", NAME))["ledger"],
  });
  expect(await read()).toEqual({ used: 2, idle: 2, ledger: 10, pending: 6, timeouts: 0 });
  for (const pool of pools) pool.ended = true;
  expect(await read()).toEqual({ used: 0, idle: 0, ledger: 0, pending: 0, timeouts: 0 });
});

test("what a pool gives and throws stays the same, by promise and by callback; only time-outs are time-outs", async () => {
  using recorded = recordTelemetry();
  const pool = new FakePool();
  observePool(pool, { name: "ledger" });
  const client = {};
  const timeout = new Error("timeout exceeded when trying to connect");
  const failures = [timeout, new Error("password authentication failed"), "no error"];

  const given = pool.connect();
  pool.asked.shift()!(undefined, client);
  expect(await given).toBe(client);
  for (const failure of failures) {
    const refused = pool.connect();
    pool.asked.shift()!(failure);
    await expect(refused).rejects.toBe(failure);
  }
  const called: unknown[][] = [];
  for (const error of [undefined, timeout]) {
    void pool.connect((...all) => void called.push(all));
    pool.asked.shift()!(error, client);
  }
  expect(called).toEqual([
    [undefined, client],
    [timeout, client],
  ]);
  const counts = {
    timeouts: await recorded.series("db.client.connection.timeouts", NAME),
    waits: await recorded.series("db.client.connection.wait_time", NAME),
  };
  expect(counts).toEqual({ timeouts: { ledger: 2 }, waits: { ledger: 2 } });
});

test("a connection's use is timed once, and a wait for one that was open is no opening", async () => {
  using recorded = recordTelemetry();
  const pool = new FakePool();
  observePool(pool, { name: "ledger" });
  const client = {};
  const use = async (): Promise<void> => {
    const given = pool.connect();
    pool.emit("acquire", client);
    pool.asked.shift()!(undefined, client);
    await given;
    pool.emit("release", undefined, client);
    pool.emit("release", undefined, {}); // of one that was never taken
  };
  await use();
  await use();
  const counts = {
    uses: await recorded.series("db.client.connection.use_time", NAME),
    waits: await recorded.series("db.client.connection.wait_time", NAME),
    creations: await recorded.series("db.client.connection.create_time", NAME),
  };
  expect(counts).toEqual({ uses: { ledger: 2 }, waits: { ledger: 2 }, creations: {} });
});

test("without an SDK a pool is left as it is", () => {
  const pool = new FakePool();
  const { connect } = pool;
  observePool(pool, { name: "ledger" });
  expect([pool.connect === connect, pool.eventNames()]).toEqual([true, []]);
});
