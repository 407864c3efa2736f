import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { runApplication, startApplication } from "./application.ts";

// What the preload must leave as plain Node has it, found by a review: each of these once was not.

const QUIET = {
  OTEL_TRACES_EXPORTER: "none",
  OTEL_METRICS_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
};
const REQUIRE = ["--require", "@assay/node/register"];

test.each([
  ["-e", "console.log(6 * 7)"],
  ["-p", "6 * 7"],
])("node %s runs under the preload, by flag and by NODE_OPTIONS", async (flag, code) => {
  const run = promisify(execFile);
  const cwd = import.meta.dirname;
  const env = { ...process.env, ...QUIET };
  const byFlag = await run(process.execPath, [...REQUIRE, flag, code], { cwd, env });
  const options = { cwd, env: { ...env, NODE_OPTIONS: REQUIRE.join(" ") } };
  const byOptions = await run(process.execPath, [flag, code], options);
  expect([byFlag.stdout, byOptions.stdout]).toEqual(["42\n", "42\n"]);
});

test.each(["an object without a prototype", "a symbol", "an error whose message throws"])(
  "%s, thrown, ends the process with 1, or not at all when the application handles it",
  async (thrown) => {
    const ends = await runApplication({ file: "thrown.cjs", args: [thrown] });
    const handled = await runApplication({ file: "thrown.cjs", args: [thrown, "handled"] });
    expect([ends.code, handled.code]).toEqual([1, 6]);
  },
);

test("SIGTERM ends an application that has signal-exit", async () => {
  const { code, signal } = await runApplication({ file: "signal-exit.cjs", env: QUIET });
  expect({ code, signal }).toEqual({ code: null, signal: "SIGTERM" });
});

test("an application lives on when nobody reads its stderr any more", async () => {
  const file = join(import.meta.dirname, "fixtures/serve.cjs");
  const child = spawn(process.execPath, [...REQUIRE, file], {
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
      OTEL_LOG_LEVEL: "DEBUG",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  // The first sentence is read, and the pipe closed in the middle of those that follow.
  await once(child.stderr, "data");
  child.stderr.destroy();
  const ended = await Promise.race([
    once(child, "exit"),
    new Promise<string>((resolve) => {
      setTimeout(resolve, 2_500, "alive");
    }),
  ]);
  child.kill("SIGKILL");
  expect(ended).toBe("alive");
});

test("a scraper that keeps its connection does not keep a finished application", async () => {
  await using application = await startApplication({
    file: "metrics.cjs",
    args: ["1500"],
    env: { ...QUIET, OTEL_METRICS_EXPORTER: "prometheus", OTEL_EXPORTER_PROMETHEUS_PORT: "0" },
    ready: /metrics is served at/,
  });
  const url = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(application.output())?.[0] ?? "";
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const scraping = setInterval(() => {
    get(url, { agent }, (response) => response.resume()).on("error", () => clearInterval(scraping));
  }, 200);
  const { code } = await application.exited;
  clearInterval(scraping);
  agent.destroy();
  expect(code).toBe(0);
}, 15_000);
