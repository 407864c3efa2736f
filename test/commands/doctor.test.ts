import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { startCollector } from "../support/collector.ts";
import { temporaryFolder } from "../support/folder.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { freePort, spawnService } from "../support/process.ts";

const MANIFEST = createRequire(import.meta.url).resolve("@assay/node/package.json");
const DOCTOR = join(dirname(MANIFEST), "dist/doctor-cli.js");
const REGISTER = join(dirname(MANIFEST), "dist/register.js");
const FIXTURES = join(import.meta.dirname, "../preload/fixtures");
const SERVES = ["node", join(FIXTURES, "health.cjs"), "http"];
const ENDS = ["node", join(FIXTURES, "metrics.cjs"), "1"];

interface Finding {
  check: string;
  status: string;
  found: string;
  do?: string;
}

interface Report {
  ok: boolean;
  findings: Finding[];
  settings: { name: string; value: string; source: string }[];
  copies: { name: string; version: string; usedBy: string[] }[];
  facts: Record<string, unknown> | null;
}

async function run(
  args: readonly string[],
  { env = {}, cwd }: { env?: Record<string, string>; cwd?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  await using doctor = await spawnService({
    name: "assay-doctor",
    command: process.execPath,
    args: [DOCTOR, ...args],
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const { code } = await doctor.exited;
  return { code, stdout: doctor.output("stdout"), stderr: doctor.output("stderr") };
}

async function examine(
  checks: string,
  command: readonly string[],
  options: Parameters<typeof run>[1] = {},
): Promise<Report & { code: number | null; text: string }> {
  const args = ["--json", "--checks", checks, "--", ...command];
  const { code, stdout, stderr } = await run(args, options);
  expect(stderr).toBe("");
  return { ...(JSON.parse(stdout) as Report), code, text: stdout };
}

test("a healthy service with the real Collector passes every check", async () => {
  const nobody = await freePort();
  await using collector = await startCollector({
    jaegerGrpc: `127.0.0.1:${nobody}`,
    prometheusUrl: `http://127.0.0.1:${nobody}`,
    errorBridgeUrl: `http://127.0.0.1:${nobody}`,
  });
  await using folder = await temporaryFolder("doctor");
  const keys = join(folder.path, "keys");
  await writeFile(keys, `2026a=${Buffer.alloc(32, 7).toString("base64")}\n`);
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl,
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20hunter2",
    OTEL_METRICS_EXPORTER: "prometheus",
    OTEL_EXPORTER_PROMETHEUS_PORT: String(await freePort()),
    ASSAY_PSEUDONYM_KEYS_FILE: keys,
  };
  const all = "node,started,loader,early,configuration,otlp,clock,prometheus,redaction";
  const { code, findings, settings, facts, text } = await examine(all, SERVES, { env });
  expect({ code, findings: findings.map(({ check, status }) => `${check} ${status}`) }).toEqual({
    code: 0,
    findings: all.split(",").map((check) => `${check} ok`),
  });
  const set = settings.filter(({ source }) => source !== "default");
  expect(set).toEqual([
    { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: collector.otlpUrl, source: "environment" },
    { name: "OTEL_EXPORTER_OTLP_HEADERS", value: "(not shown)", source: "environment" },
    { name: "OTEL_METRICS_EXPORTER", value: "prometheus", source: "environment" },
    { name: "ASSAY_PSEUDONYM_KEYS_FILE", value: "keys 2026a", source: "file" },
    {
      name: "OTEL_EXPORTER_PROMETHEUS_PORT",
      value: env.OTEL_EXPORTER_PROMETHEUS_PORT,
      source: "environment",
    },
  ]);
  expect(facts).toMatchObject({ instrumented: expect.arrayContaining(["http"]) });
  expect(text).not.toContain("hunter2");
});

test("a Collector that is away fails one check, which says what to do", async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
  const { code, stdout } = await run(["--checks", "otlp,node", "--", ...ENDS], { env });
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(
      /^failed +otlp: http:\/\/127\.0\.0\.1:\d+ did not take a span: .+\n +Do: start the Collector.*\nok +node: /,
    ),
  });
});

test("a wrong variable is told with what to write, and its default as the setting", async () => {
  const env = { OTEL_TRACES_SAMPLER_ARG: "1.5" };
  const { code, findings, settings } = await examine("configuration", ENDS, { env });
  expect({
    code,
    findings,
    setting: settings.find(({ name }) => name === "OTEL_TRACES_SAMPLER_ARG"),
  }).toEqual({
    code: 1,
    findings: [
      {
        check: "configuration",
        status: "failed",
        found: 'OTEL_TRACES_SAMPLER_ARG is "1.5"; use a number from 0 to 1. Assay uses 1.',
        do: "correct the variable as the sentence says",
      },
    ],
    setting: {
      name: "OTEL_TRACES_SAMPLER_ARG",
      value: "1",
      source: "default, the environment's is wrong",
    },
  });
});

test("copies of the API are told with who gets which, and one that is too new fails", async () => {
  await using folder = await temporaryFolder("doctor");
  const packageAt = async (path: string, manifest: object): Promise<void> => {
    await mkdir(join(folder.path, path), { recursive: true });
    await writeFile(join(folder.path, path, "package.json"), JSON.stringify(manifest));
  };
  const api = (version: string): object => ({ name: "@opentelemetry/api", version });
  await packageAt(".", { name: "shop", dependencies: { "@opentelemetry/api": "1.11.0" } });
  await packageAt("node_modules/@opentelemetry/api", api("1.11.0"));
  await packageAt("node_modules/bank-sdk", {
    name: "bank-sdk",
    version: "2.0.0",
    dependencies: { "@opentelemetry/api": "~1.9.0" },
  });
  await packageAt("node_modules/bank-sdk/node_modules/@opentelemetry/api", api("1.9.1"));
  const { code, findings, copies } = await examine("copies", ENDS, { cwd: folder.path });
  const inTree = copies.filter(({ name }) => name === "@opentelemetry/api");
  expect({
    code,
    copies: inTree.map(({ version, usedBy }) => [version, usedBy]),
    statuses: findings.map(({ status }) => status),
  }).toEqual({
    code: 1,
    copies: [
      ["1.11.0", ["shop"]],
      ["1.9.1", ["bank-sdk 2.0.0"]],
    ],
    statuses: ["failed", "warning"],
  });
  expect(findings[0]?.found).toMatch(/1\.11\.0 .*used by shop, finds no telemetry/);
});

test("a module that is loaded before the preload is named", async () => {
  const express = createRequire(import.meta.url).resolve("express");
  const [, ...args] = ENDS;
  const command = ["node", "--require", express, "--require", REGISTER, ...args];
  const { code, findings } = await examine("early", command);
  expect({ code, findings }).toMatchObject({
    code: 1,
    findings: [{ status: "failed", found: expect.stringMatching(/: express(,|$)/) }],
  });
});

test("an ES module application on a loader flag is told to take it away", async () => {
  const loader = join(FIXTURES, "default.mjs");
  const command = ["node", "--experimental-loader", loader, join(FIXTURES, "loads.mjs")];
  const { code, findings } = await examine("loader", command);
  expect({ code, findings }).toMatchObject({
    code: 1,
    findings: [{ check: "loader", status: "failed", do: expect.stringContaining("take the flag") }],
  });
});

test("an application in which Assay does not start fails, with the reason", async () => {
  const env = { OTEL_SDK_DISABLED: "true" };
  const { code, findings } = await examine("started", ENDS, { env });
  expect({ code, findings }).toMatchObject({
    code: 1,
    findings: [{ check: "started", found: "OTEL_SDK_DISABLED is true" }],
  });
  const absent = await examine("started", ["no-such-program"]);
  expect({ code: absent.code, findings: absent.findings }).toMatchObject({
    code: 1,
    findings: [{ check: "started", found: expect.stringContaining("ENOENT") }],
  });
});

// A Collector that answers each request so.
async function answering(body: object, headers: Record<string, string> = {}) {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

test("what a Collector takes in part is a failure, with what it said", async () => {
  const partialSuccess = { rejectedSpans: "1", errorMessage: "quota is used up" };
  await using collector = await answering({ partialSuccess });
  const { code, findings } = await examine("otlp", ENDS, collector);
  expect({ code, findings }).toMatchObject({
    code: 1,
    findings: [{ found: expect.stringMatching(/took it in part: .*quota is used up/) }],
  });
});

test("a span that is refused is a failure, with the status", async () => {
  await using receiver = await startOtlpReceiver();
  receiver.respondWith(400);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const { code, findings } = await examine("otlp", ENDS, { env });
  expect({ code, findings }).toMatchObject({
    code: 1,
    findings: [{ found: expect.stringContaining("HTTP 400") }],
  });
});

test("a clock that is not the Collector's is a failure", async () => {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  await using collector = await answering({}, { date });
  const { code, findings } = await examine("clock", ENDS, collector);
  expect({ code, findings }).toMatchObject({
    code: 1,
    findings: [{ found: expect.stringMatching(/^this clock is \d+ s behind the Collector's$/) }],
  });
});

test.each([
  [[], "there is no command after --"],
  [["--checks", "otlp,weather", "--", "node"], 'there is no check "weather"'],
  [["--for", "soon", "--", "node"], '--for is "soon"'],
  [["--wrong", "--", "node"], "the arguments are not understood"],
])("%o is a wrong call, told with how to write it", async (args, reason) => {
  const { code, stderr } = await run(args);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(
      new RegExp(`^assay-doctor: ${reason}; write assay-doctor .*-- node app\\.js\\.\n$`),
    ),
  });
});
