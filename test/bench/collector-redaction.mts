import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse, stringify } from "yaml";
import { backendPath, ROOT } from "../../scripts/backends.mjs";
import { temporaryFolder } from "../support/folder.ts";
import { freePort, type Service, spawnService } from "../support/process.ts";
import { answersOk } from "../support/wait.ts";
import { traceBytes } from "./otlp-protobuf.ts";
import { PATTERNS } from "./patterns.ts";
import { cleanBatch, mixedBatch } from "./span-batches.ts";

// `npm run bench -- collector-redaction [--rounds 7] [--sample 500]`: CPU of the Collector's process for each span, of
// four Collectors that run at once and take turns; a sample sends batches until it has used that many milliseconds.
// Linux, as it reads /proc.
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    sample: { type: "string", default: "500" },
  },
});
const rounds = Number(values.rounds);
const leastUs = Number(values.sample) * 1000;
const SPANS = 512;

interface Processors {
  [name: string]: unknown;
}

const contrib = parse(await readFile(join(ROOT, "collector/contrib.yaml"), "utf8")) as {
  processors: Processors;
};
const twenty = PATTERNS.map(({ source, flags }) =>
  flags.includes("i") ? `(?i)${source}` : source,
);

const ALONE = "the Collector alone";
const variants: [name: string, processors: Processors][] = [
  [ALONE, {}],
  ["assayredaction", { assayredaction: {} }],
  [
    `contrib's redaction, ${twenty.length} patterns`,
    { redaction: { allow_all_keys: true, summary: "silent", blocked_values: twenty } },
  ],
  ["contrib's second net, whole (contrib.yaml)", netOf(contrib.processors)],
];

function netOf(processors: Processors): Processors {
  const names = ["transform/denied", "transform/lift", "redaction", "transform/lower"];
  return Object.fromEntries(names.map((name) => [name, processors[name]]));
}

interface Runner {
  name: string;
  service: Service;
  send: (body: Uint8Array<ArrayBuffer>) => Promise<void>;
}

async function start(name: string, processors: Processors, folder: string): Promise<Runner> {
  const [port, health] = await Promise.all([freePort(), freePort()]);
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    processors: {
      memory_limiter: { check_interval: "1s", limit_mib: 1024, spike_limit_mib: 128 },
      ...processors,
    },
    exporters: { debug: { verbosity: "basic" } },
    extensions: { health_check: { endpoint: `127.0.0.1:${health}` } },
    service: {
      extensions: ["health_check"],
      telemetry: { logs: { level: "error" }, metrics: { level: "none" } },
      pipelines: {
        traces: {
          receivers: ["otlp"],
          processors: ["memory_limiter", ...Object.keys(processors)],
          exporters: ["debug"],
        },
      },
    },
  };
  const service = await spawnService({
    name,
    command: backendPath("collector"),
    args: ["--config", `yaml:${stringify(config)}`],
    cwd: folder,
    ready: () => answersOk(`http://127.0.0.1:${health}/`),
  });
  const send = async (body: Uint8Array<ArrayBuffer>): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body,
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${name} answered ${response.status}.`);
  };
  return { name, service, send };
}

/** CPU time that all threads of the process have used, in microseconds. */
async function cpuUs({ service }: Runner): Promise<number> {
  const tasks = `/proc/${service.pid}/task`;
  const used = await Promise.all(
    (await readdir(tasks)).map(async (task) =>
      Number((await readFile(join(tasks, task, "schedstat"), "utf8")).split(" ")[0]),
    ),
  );
  return used.reduce((sum, ns) => sum + ns, 0) / 1000;
}

async function sample(runner: Runner, bodies: readonly Uint8Array<ArrayBuffer>[]): Promise<number> {
  const before = await cpuUs(runner);
  for (let sent = 0; ;) {
    for (const body of bodies) await runner.send(body);
    sent += bodies.length;
    const used = (await cpuUs(runner)) - before;
    if (used >= leastUs) return used / (sent * SPANS);
  }
}

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

await using cleanUp = new AsyncDisposableStack();
const { path } = cleanUp.use(await temporaryFolder("bench"));
const runners: Runner[] = [];
for (const [name, processors] of variants) {
  const runner = await start(name, processors, path);
  cleanUp.use(runner.service);
  runners.push(runner);
}

console.log(
  `us of CPU a span, the median of ${rounds} rounds; batches of ${SPANS} spans with ten attributes, OTLP/HTTP protobuf, debug exporter`,
);
for (const [mix, make] of [
  ["clean", cleanBatch],
  ["one span in fifty with a card number", mixedBatch],
] as const) {
  const bodies = Array.from({ length: 8 }, () => traceBytes(make(SPANS)));
  const samples = new Map(runners.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < runners.length; turn++) {
      const runner = runners[(round + turn) % runners.length]!;
      const us = await sample(runner, bodies);
      // The first round warms up.
      if (round > 0) samples.get(runner.name)!.push(us);
    }
  }
  const base = samples.get(ALONE)!;
  const alone = median(base);
  console.log(`\n${mix}`);
  console.log(
    `${"".padEnd(46)}${"us a span".padStart(10)}${"added".padStart(10)}${"ratio".padStart(9)}`,
  );
  for (const [name, all] of samples) {
    const us = median(all);
    // Round by round, because what the machine does meanwhile falls on neighbours alike.
    const added = median(all.map((each, round) => each - base[round]!));
    console.log(
      `${name.padEnd(46)}${us.toFixed(2).padStart(10)}${added.toFixed(2).padStart(10)}${`${(us / alone).toFixed(2)}x`.padStart(9)}`,
    );
  }
}
