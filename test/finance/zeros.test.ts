import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { INSTRUMENTS, toPrometheusName } from "@assay/semconv";
import { expect, test } from "vitest";
import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { type Service, spawnService } from "../support/process.ts";
import { waitFor } from "../support/wait.ts";

interface Resolved {
  attributes: { key: string; members?: { value: string }[] }[];
}

const { resolve } = createRequire(import.meta.url);
const { attributes } = JSON.parse(
  readFileSync(resolve("@assay/semconv/resolved.json"), "utf8"),
) as Resolved;
const valuesOf = (key: string): number =>
  attributes.find((each) => each.key === key)!.members!.length;

const CATEGORIES = valuesOf("finance.operation.category");
const STATES = valuesOf("finance.payment.status");
const ALWAYS = {
  "finance.errors": valuesOf("finance.error.category") * valuesOf("finance.error.severity"),
  "finance.security.events":
    valuesOf("finance.security.event.type") * valuesOf("finance.security.severity"),
  "finance.tenant.isolation.violations": 1,
  "finance.threshold.breaches": CATEGORIES,
  "assay.label.dropped": 1,
};

function start(receiver: OtlpReceiver, args: readonly string[]): Promise<Service> {
  return spawnService({
    name: "zeros.cjs",
    command: process.execPath,
    args: ["--require", "@assay/node/register", join(import.meta.dirname, "zeros.cjs"), ...args],
    cwd: import.meta.dirname,
    env: {
      OTEL_METRICS_EXPORTER: "otlp,prometheus",
      OTEL_METRIC_EXPORT_INTERVAL: "200",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
      ASSAY_START_LINE: "false",
    },
    ready: /metrics is served at/,
  });
}

/** The series of each counter as they are pulled, once `last` is among them: how many, and the sum of their values. */
async function pulled(application: Service, last: string): Promise<Record<string, Series>> {
  const [url = ""] = /http:\S+metrics/.exec(application.output()) ?? [];
  const text = await waitFor(
    async () => {
      const answer = await (await fetch(url)).text();
      return answer.includes(last) ? answer : undefined;
    },
    { what: `${last} in /metrics` },
  );
  const found: Record<string, Series> = {};
  for (const line of text.split("\n")) {
    const [, name, value] = /^([a-z_]+_total)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    if (name !== undefined) add(found, name, Number(value));
  }
  return found;
}

interface Series {
  series: number;
  sum: number;
}

function add(found: Record<string, Series>, name: string, value: number): void {
  const { series, sum } = found[name] ?? { series: 0, sum: 0 };
  found[name] = { series: series + 1, sum: sum + value };
}

/** The same as they are pushed, by their names in Prometheus. */
async function pushed(receiver: OtlpReceiver, last: string): Promise<Record<string, Series>> {
  const { name, points } = await receiver.waitForMetric((metric) => metric.name === last);
  expect(points.length).toBeGreaterThan(0);
  const found: Record<string, Series> = {};
  const newest = new Map(receiver.metrics().map((metric) => [metric.name, metric]));
  for (const metric of newest.values()) {
    if (!/^(?:finance|assay|shop)\./.test(metric.name)) continue;
    const inPrometheus = toPrometheusName({ name: metric.name, unit: "", kind: "counter" });
    for (const { value } of metric.points) add(found, inPrometheus, value!);
  }
  expect(name).toBe(last);
  return found;
}

function named(series: Readonly<Record<string, number>>): Record<string, Series> {
  return Object.fromEntries(
    Object.entries(series).map(([name, count]) => [
      toPrometheusName({ name, unit: "", kind: "counter" }),
      { series: count, sum: 0 },
    ]),
  );
}

test("who has loaded the package has every counter that needs nothing to be declared, at zero, pulled and pushed", async () => {
  await using receiver = await startOtlpReceiver();
  await using application = await start(receiver, []);
  const [one, other] = [
    await pulled(application, "finance_errors_total"),
    await pushed(receiver, "finance.errors"),
  ];
  expect(one).toMatchObject(named(ALWAYS));
  expect(other).toMatchObject(named(ALWAYS));
});

test("who declares rails and limits has every series of theirs at zero, pulled and pushed", async () => {
  await using receiver = await startOtlpReceiver();
  await using application = await start(receiver, ["declared"]);
  const [one, other] = [
    await pulled(application, "shop_renewals_total"),
    await pushed(receiver, "shop.renewals"),
  ];
  const declared = {
    ...ALWAYS,
    // The limit of an operation of its own, in each category.
    "finance.threshold.breaches": 2 * CATEGORIES,
    // Three kinds by two providers, and what cannot be told whose it is.
    "finance.provider.callbacks": 2 * 3 + 1,
    "shop.renewals": 2,
  };
  // What redaction counts is not of this package, and has begun.
  const ours = Object.keys(other).filter((name) => /^(?:finance_(?!redaction)|shop)/.test(name));
  const counters = ours.map((name) => [name, one[name]]);
  const total = ours.reduce((sum, name) => sum + one[name]!.series, 0);
  process.stdout.write(
    `${total} series at zero: ${JSON.stringify(Object.fromEntries(counters))}\n`,
  );
  expect(one).toMatchObject(named(declared));
  expect(Object.fromEntries(counters)).toEqual(
    Object.fromEntries(ours.map((name) => [name, other[name]])),
  );
  const transitions = one["finance_payment_refused_transitions_total"]!;
  expect(transitions.series % 2).toBe(0); // as many for each provider
  expect(transitions.series).toBeLessThan(2 * STATES * STATES);
  expect(ours.filter((name) => one[name]!.sum !== 0)).toEqual([]);
  const most = Math.max(...INSTRUMENTS.map(({ maxSeries = 2_000 }) => maxSeries));
  expect(Math.max(...ours.map((name) => one[name]!.series))).toBeLessThan(most);
});
