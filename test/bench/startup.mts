import { parseArgs } from "node:util";
import { CONTENDERS, otherContenders } from "./startup-contenders.ts";
import { type Cost, measureStart, medianStarts, SETTLE_MS } from "./startup-cost.ts";

// `npm run bench -- startup [--rounds 15] [--app trivial] [--settle 250] [--all]`; --all installs others' distributions, too.
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    app: { type: "string", multiple: true, default: ["trivial", "express"] },
    settle: { type: "string", default: String(SETTLE_MS) },
    all: { type: "boolean", default: false },
  },
});

const preloads = [...CONTENDERS, ...(values.all ? otherContenders() : [])];
console.log(
  `Medians of ${values.rounds} rounds in which the contenders take turns; Node ${process.version}, ${process.arch}.`,
);
console.log(
  `CPU is user and system of all threads until ${values.settle} ms after the application's lines; × is the share of what upstream adds to bare Node.`,
);
for (const app of values.app) {
  const costs = medianStarts(app, preloads, Number(values.rounds), (name, preload) =>
    measureStart(name, preload, Number(values.settle)),
  );
  const [bare, upstream] = costs as [Cost, Cost];
  console.log(`\n${app}`.padEnd(28) + ["CPU ms", "RSS MB", "modules"].map(wide).join(""));
  for (const [at, cost] of costs.entries()) {
    const cells = [
      figure(cost.cpuMs, bare.cpuMs, upstream.cpuMs, at),
      figure(cost.rssMb, bare.rssMb, upstream.rssMb, at),
      String(cost.modules),
    ];
    console.log(preloads[at]!.name.padEnd(27) + cells.map(wide).join(""));
  }
}

function figure(value: number, bare: number, upstream: number, at: number): string {
  if (at === 0) return value.toFixed(1);
  const added = value - bare;
  return `${value.toFixed(1)} (+${added.toFixed(1)}, ${(added / (upstream - bare)).toFixed(3)}×)`;
}

function wide(cell: string): string {
  return cell.padStart(26);
}
