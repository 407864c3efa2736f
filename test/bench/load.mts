import { parseArgs } from "node:util";
import { type LoadCost, type LoadOptions, measureLoad } from "./load-cost.ts";
import { CONTENDERS, otherContenders } from "./startup-contenders.ts";
import { median, takeTurns } from "./turns.ts";

// `npm run bench -- load [--rounds 5] [--app express] [--requests 10000] [--warm-up 5000] [--seconds 10] [--few]`
// --few leaves others' distributions out, which are installed into a folder of the cache otherwise.
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    app: { type: "string", multiple: true, default: ["express", "fastify"] },
    requests: { type: "string", default: "10000" },
    "warm-up": { type: "string", default: "5000" },
    "per-second": { type: "string", default: "1000" },
    seconds: { type: "string", default: "10" },
    settle: { type: "string", default: "1500" },
    few: { type: "boolean", default: false },
  },
});

/** Shares of what upstream adds that Assay may add, and of bare Node's p99 that it may have. */
const GOALS: Record<string, { cpu: number; p99: number }> = {
  express: { cpu: 0.3, p99: 1.2 },
  fastify: { cpu: 0.6, p99: 1.2 },
};

const preloads = [...CONTENDERS, ...(values.few ? [] : otherContenders())];
const options: LoadOptions = {
  requests: Number(values.requests),
  warmUp: Number(values["warm-up"]),
  perSecond: Number(values["per-second"]),
  seconds: Number(values.seconds),
  settleMs: Number(values.settle),
};
console.log(
  `Medians of ${values.rounds} rounds in which the contenders take turns; Node ${process.version}, ${process.arch}.`,
);
console.log(
  `CPU is user and system of all threads for a request, ${options.requests} of them over 16 connections after ${options.warmUp}; × is the share of what upstream adds to bare Node. p99 is of /json at ${options.perSecond} requests a second, × of bare Node's.`,
);
for (const app of values.app) {
  const samples = await takeTurns(preloads, Number(values.rounds), (preload) =>
    measureLoad(app, preload, options),
  );
  const costs = samples.map((of): LoadCost => ({
    jsonUs: median(of.map(({ jsonUs }) => jsonUs)),
    innerUs: median(of.map(({ innerUs }) => innerUs)),
    p99Ms: median(of.map(({ p99Ms }) => p99Ms)),
    rssMb: median(of.map(({ rssMb }) => rssMb)),
  }));
  const [bare, upstream] = costs as [LoadCost, LoadCost];
  const columns = ["/json CPU us", "/inner CPU us", "p99 ms", "RSS MB"];
  console.log(`\n${app}`.padEnd(28) + columns.map(wide).join(""));
  for (const [at, cost] of costs.entries()) {
    const cells = [
      added(cost.jsonUs, bare.jsonUs, upstream.jsonUs, at),
      added(cost.innerUs, bare.innerUs, upstream.innerUs, at),
      `${cost.p99Ms.toFixed(2)} (${(cost.p99Ms / bare.p99Ms).toFixed(2)}×)`,
      added(cost.rssMb, bare.rssMb, upstream.rssMb, at),
    ];
    console.log(preloads[at]!.name.padEnd(27) + cells.map(wide).join(""));
  }
  const goal = GOALS[app];
  if (goal === undefined) continue;
  const goals = [`${goal.cpu}×`, `${goal.cpu}×`, `${goal.p99}×`, "-"];
  console.log("goal for Assay, at most".padEnd(27) + goals.map(wide).join(""));
}

function added(value: number, bare: number, upstream: number, at: number): string {
  if (at === 0) return value.toFixed(1);
  const more = value - bare;
  return `${value.toFixed(1)} (+${more.toFixed(1)}, ${(more / (upstream - bare)).toFixed(3)}×)`;
}

function wide(cell: string): string {
  return cell.padStart(26);
}
