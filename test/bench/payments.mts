import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createPayments } from "@assay/finance";
import { money } from "@assay/semconv";
import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { spawnService } from "../support/process.ts";

// `npm run bench -- payments [--payments 20000] [--rounds 9]`
const { values } = parseArgs({
  options: {
    payments: { type: "string", default: "20000" },
    rounds: { type: "string", default: "9" },
  },
});
const [count, rounds] = [Number(values.payments), Number(values.rounds)];
const CONCURRENT = 1_000;

const rails = {
  mpesa: {
    provider: "safaricom",
    api: "stk_push",
    method: "mobile_money",
    type: "collection",
    currencies: ["KES"],
  },
} as const;
const amount = money("KES", 150_000n);

interface Contender {
  name: string;
  once: () => Promise<unknown>;
}

function contenders(suffix: string): Contender[] {
  const payments = createPayments({ rails });
  const tracer = trace.getTracer("bench");
  const initiation = { operation: "collect", rail: "mpesa", paymentId: "pay_1", amount } as const;
  return [
    {
      name: `a bare span with as many attributes, ${suffix}`,
      once: () =>
        tracer.startActiveSpan("initiate collection", async (span) => {
          span.setAttributes({
            "finance.payment.id": "pay_1",
            "finance.payment.type": "collection",
            "finance.payment.method": "mobile_money",
            "finance.payment.status": "created",
            "finance.provider.name": "safaricom",
            "finance.provider.operation.name": "stk_push",
            "finance.currency.code": "KES",
            "finance.currency.exponent": 2,
            "finance.payment.amount.minor": 150_000,
            "finance.operation.name": "collect",
            "finance.outcome": "completed",
          });
          span.end();
        }),
    },
    {
      name: `a payment: amount, transition, completion, ${suffix}`,
      once: () =>
        payments.run(initiation, async (payment) => {
          payment.transition("processing");
          return payment.complete();
        }),
    },
  ];
}

async function microseconds({ once }: Contender): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) await once();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

async function medians(all: readonly Contender[]): Promise<number[]> {
  const samples = all.map(() => [] as number[]);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, contender] of all.entries()) {
      const us = await microseconds(contender);
      if (round > 0) samples[at]!.push(us); // the first warms up
    }
  }
  return samples.map((each) => each.toSorted((a, b) => a - b)[each.length >> 1]!);
}

async function print(all: readonly Contender[], aimUs: number): Promise<void> {
  const [bare = 0, payment = 0] = await medians(all);
  for (const [at, us] of [bare, payment].entries()) {
    console.log(`${all[at]!.name.padEnd(62)}${us.toFixed(2).padStart(8)} us`);
  }
  console.log(
    `${"the payment adds".padEnd(62)}${(payment - bare).toFixed(2).padStart(8)} us; aim ${aimUs}\n`,
  );
}

console.log(
  `CPU per call: medians of ${rounds} rounds of ${count} that take turns; Node ${process.version}.\n`,
);
await print(contenders("no SDK"), 1);

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracerProvider = new TracerProvider({ spanProcessors: [] });
trace.setGlobalTracerProvider(tracerProvider);
metrics.setGlobalMeterProvider(new MeterProvider());
const [bare, payment] = contenders("with an SDK") as [Contender, Contender];
await print([bare, payment], 10);

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};
const burst = (): Promise<unknown> => Promise.all(Array.from({ length: CONCURRENT }, payment.once));
await burst();
const before = heap();
for (let index = 0; index < 10; index += 1) await burst();
console.log(
  `${"heap held after 10 times 1,000 concurrent payments".padEnd(62)}${((heap() - before) / 1024).toFixed(0).padStart(8)} KiB`,
);

await printScrape();

/** What Prometheus is given of 10,000 tenants by a process under the preload, and how long that takes. */
async function printScrape(): Promise<void> {
  // Nine for each tenant: each on every rail with every outcome.
  const tenantPayments = Math.min(count * 9, 90_000);
  await using application = await spawnService({
    name: "tenants.cjs",
    command: process.execPath,
    args: [
      "--require",
      createRequire(import.meta.url).resolve("@assay/node/register"),
      join(import.meta.dirname, "../finance/tenants.cjs"),
      String(tenantPayments),
    ],
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
    },
    ready: /all paid/,
    deadlineMs: 120_000,
  });
  const [url = ""] = /http:\S+metrics/.exec(application.output()) ?? [];
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < 21; round += 1) {
    const askedAt = performance.now();
    bytes = Buffer.byteLength(await (await fetch(url)).text());
    if (round > 0) times.push(performance.now() - askedAt); // the first warms up
  }
  const ms = times.toSorted((a, b) => a - b)[times.length >> 1]!;
  const what = `\na scrape, ${tenantPayments} payments of 10,000 tenants`;
  console.log(`${what.padEnd(63)}${(bytes / 1e6).toFixed(2).padStart(8)} MB; aim 0.5`);
  console.log(`${"the same, median of 20".padEnd(62)}${ms.toFixed(1).padStart(8)} ms; aim 30`);
}
