import { Agent, get } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import { spawnService } from "../support/process.ts";
import { waitFor } from "../support/wait.ts";

const RANDOM = 10_000;
const POPULAR = Array.from({ length: 30 }, (_, at) => `7.${at}.3`);
const ROUNDS = 40;
const FAILED = 25;

/** Numbers that are the same in each run (Lehmer's generator). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** Ten thousand headers, no two alike: versions, and what someone may write where a version belongs. */
function randomHeaders(): string[] {
  const random = createRandom(7);
  const makes: ((at: number) => string)[] = [
    (at) => `${random(900)}.${at}.${random(900)}`,
    (at) => `${random(90)}.${random(90)}-beta.${at}`,
    (at) => `jane.canary+${at}@example.com`,
    (at) => `203.0.113.${at}`,
    (at) => `2547${String(12_345_678 + at)}`,
    (at) => `${at}${"x".repeat(random(2_000))}`,
    (at) => `","finance_client_platform="${at}`,
  ];
  return Array.from({ length: RANDOM }, (_, at) => makes[at % makes.length]!(at));
}

/** Asks with many connections at once. */
async function askAll(url: string, versions: readonly string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const ask = (version: string) =>
    new Promise<void>((resolve, reject) => {
      get(
        url,
        { agent, headers: { "App-Version": version, "App-Platform": "ios" } },
        (response) => {
          response.resume().once("end", resolve);
        },
      ).once("error", reject);
    });
  await Promise.all(versions.map((version) => ask(version)));
  agent.destroy();
}

/** The values of a metric by the client's version; other labels have to be the same in all. */
function byVersion(text: string, metric: string): Map<string, number> {
  const series = text.matchAll(new RegExp(`^${metric}\\{(.*)\\} (\\d+)$`, "gm"));
  const label = /finance_client_version_bucket="([^"]*)"/;
  const values = [...series].map(
    ([, labels = "", value]) => [label.exec(labels)?.[1] ?? "", Number(value)] as const,
  );
  const counted = new Map(values);
  expect(counted.size).toBe(values.length);
  return counted;
}

const sum = (counted: Map<string, number>): number =>
  [...counted.values()].reduce((total, each) => total + each, 0);

test("10,000 random App-Version headers make at most 21 series in /metrics, and no request is lost", async () => {
  await using application = await spawnService({
    name: "app-version.cjs",
    command: process.execPath,
    args: ["--require", "@assay/node/register", join(import.meta.dirname, "app-version.cjs")],
    cwd: import.meta.dirname,
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
      ASSAY_START_LINE: "false",
    },
    ready: ({ output }) =>
      Promise.resolve(/port \d+/.test(output()) && /\/metrics is served at/.test(output())),
  });
  const url = `http://127.0.0.1:${/port (\d+)/.exec(application.output())?.[1]}/`;
  const metrics = /https?:\/\/\S+\/metrics/.exec(application.output())?.[0] ?? "";

  const popular = Array.from({ length: ROUNDS }, () => POPULAR).flat();
  const headers = randomHeaders();
  expect(new Set(headers).size).toBe(RANDOM);
  await askAll(url, popular);
  await askAll(url, headers);
  await askAll(
    `${url}broken`,
    Array.from({ length: FAILED }, () => "9.0.1"),
  );

  const total = popular.length + RANDOM + FAILED;
  const text = await waitFor(
    async () => {
      const scraped = await (await fetch(metrics)).text();
      return sum(byVersion(scraped, "finance_client_requests_total")) === total && scraped;
    },
    { what: `${total} requests in /metrics` },
  );
  const requests = byVersion(text, "finance_client_requests_total");
  const errors = byVersion(text, "finance_client_errors_total");
  const known = new Set(["9.0", "_other", ...POPULAR.map((each) => each.slice(0, -2))]);
  expect([...requests.keys()].filter((bucket) => !known.has(bucket))).toEqual([]);
  expect({ size: requests.size, allowed: requests.get("9.0") }).toEqual({
    size: 21,
    allowed: FAILED,
  });
  expect({ size: errors.size, total: sum(errors), allowed: errors.get("9.0") }).toEqual({
    size: 21,
    total: FAILED,
    allowed: FAILED,
  });
  expect(requests.get("_other")).toBeGreaterThanOrEqual(RANDOM);
  expect(text).not.toMatch(/canary|203\.0\.113|2547/);
});
