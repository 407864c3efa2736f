#!/usr/bin/env node
import { parseArgs } from "node:util";
import { CHECKS, copiesIn, examine, type Finding, type Patient } from "./doctor-checks.ts";
import { runApplication } from "./doctor-run.ts";
import { plainRedactor } from "./redactors.ts";

const USAGE = `assay-doctor [--json] [--checks ${Object.keys(CHECKS).join(",")}] [--for MS] -- node app.js`;
const FOR_MS = 10_000;

interface Order {
  command: string[];
  checks: string[];
  isJson: boolean;
  forMs: number;
}

const order = orderOf();
if (typeof order === "string") {
  process.stderr.write(`assay-doctor: ${order}; write ${USAGE}.\n`);
  process.exitCode = 2;
} else {
  // The connection to the Collector keeps no process alive.
  const holds = setInterval(() => {}, 60_000);
  void examineAll(order)
    .finally(() => clearInterval(holds))
    .then(
      (code) => {
        process.exitCode = code;
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : "unknown reason";
        process.stderr.write(`assay-doctor: ${plainRedactor().text(reason)}.\n`);
        process.exitCode = 2;
      },
    );
}

function orderOf(): Order | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        checks: { type: "string" },
        for: { type: "string", default: String(FOR_MS) },
      },
    });
    const checks = values.checks?.split(",").map((name) => name.trim()) ?? Object.keys(CHECKS);
    const unknown = checks.find((name) => !Object.hasOwn(CHECKS, name));
    if (unknown !== undefined) return `there is no check ${JSON.stringify(unknown)}`;
    if (positionals.length === 0) return "there is no command after --";
    if (!/^[1-9]\d{0,6}$/.test(values.for)) return `--for is ${JSON.stringify(values.for)}`;
    return { command: positionals, checks, isJson: values.json, forMs: Number(values.for) };
  } catch {
    return "the arguments are not understood";
  }
}

async function examineAll({ command, checks, isJson, forMs }: Order): Promise<number> {
  const given = { ...process.env };
  const examined = examine(process.env);
  const valid = { ...process.env };
  // The application reads what it was given, and says itself what is wrong.
  Object.assign(process.env, given);
  let metrics: Patient["metrics"];
  const run = await runApplication(command, forMs, async (stderr) => {
    if (examined.config.metricsExporter.includes("prometheus")) {
      metrics = await askMetrics(examined.config, stderr);
    }
  });
  for (const name of Object.keys(given)) if (valid[name] === undefined) delete process.env[name];
  const cwd = process.cwd();
  const patient: Patient = {
    ...examined,
    copies: copiesIn(cwd),
    run,
    cwd,
    ...(metrics === undefined ? {} : { metrics }),
  };
  const findings: Finding[] = [];
  for (const name of checks) findings.push(...(await CHECKS[name]!(patient)));
  const isOk = findings.every(({ status }) => status !== "failed");
  const shown = redacted(patient);
  const told = findings.map(redacted);
  process.stdout.write(isJson ? jsonOf(shown, told, isOk) : textOf(shown, told));
  return isOk ? 0 : 1;
}

// Text by text: redacting the whole could make it no JSON.
function redacted<Value>(value: Value): Value {
  const redactor = plainRedactor();
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") return redactor.text(part);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, walk(each)]));
  };
  return walk(value) as Value;
}

async function askMetrics(
  { prometheusHost, prometheusPort }: Patient["config"],
  stderr: string,
): Promise<NonNullable<Patient["metrics"]>> {
  const [, told] = /\/metrics is served at (\S+)\./.exec(stderr) ?? [];
  const url = told ?? `http://${prometheusHost}:${prometheusPort}/metrics`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    const series = (await response.text()).split("\n").filter((line) => /^[^#\s]/.test(line));
    return { url, status: response.status, series: series.length };
  } catch {
    return { url, status: undefined, series: 0 }; // told by the check
  }
}

function jsonOf({ settings, copies, run }: Patient, findings: Finding[], isOk: boolean): string {
  const facts = run.probed?.facts ?? null;
  return `${JSON.stringify({ ok: isOk, findings, settings, copies, facts }, undefined, 2)}\n`;
}

function textOf({ settings, copies }: Patient, findings: readonly Finding[]): string {
  const set = settings.filter(({ source }) => source !== "default");
  return [
    ...findings.map(
      ({ check, status, found, do: todo }) =>
        `${status.padEnd(8)} ${check}: ${found}.${todo === undefined ? "" : `\n         Do: ${todo}.`}`,
    ),
    "",
    `Settings (${settings.length - set.length} others have their defaults):`,
    ...set.map(({ name, value, source }) => `  ${name} = ${value} (${source})`),
    "Packages of OpenTelemetry in the tree:",
    ...copies.map(({ name, version, path }) => `  ${name} ${version} in ${path}`),
    "",
  ].join("\n");
}
