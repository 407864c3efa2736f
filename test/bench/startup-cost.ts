import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** What one process has used until its application stands still. */
export interface Cost {
  /** CPU time of all threads, user and system. */
  cpuMs: number;
  rssMb: number;
  /** Files in require.cache. */
  modules: number;
}

/** Something that an application is started under. */
export interface Preload {
  name: string;
  /** Given to --require; absent for bare Node. */
  file?: string;
  env?: Record<string, string>;
}

/** Milliseconds from the application's first line to the reading. */
export const SETTLE_MS = 250;

const APPS = join(import.meta.dirname, "startup-apps");

/** Starts `app` of startup-apps/ under `preload` and gives what that cost. Throws with the output of one that fails. */
export function measureStart(
  app: string,
  { name, file, env = {} }: Preload,
  settleMs: number = SETTLE_MS,
): Cost {
  const preloads = [...(file === undefined ? [] : [file]), join(APPS, "measure.cjs")];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...preloads.flatMap((each) => ["--require", each]), join(APPS, `${app}.cjs`)],
    {
      encoding: "utf8",
      // Nothing is sent before the end, and nothing must leave the machine.
      env: {
        ...process.env,
        NODE_OPTIONS: "",
        OTEL_SERVICE_NAME: "bench",
        BENCH_SETTLE_MS: String(settleMs),
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
        ...env,
      },
    },
  );
  const found = /\{"cpuMs".*\}$/.exec(stdout)?.[0];
  if (found === undefined) throw new Error(`${app} under ${name} did not start:\n${stderr}`);
  return JSON.parse(found) as Cost;
}

/**
 * The median cost of each preload, in the order given.
 *
 * They take turns, and another one begins each round, so that what the machine does meanwhile falls on all of them. A
 * round before the first warms the disk's cache and is not counted.
 */
export function medianStarts(
  app: string,
  preloads: readonly Preload[],
  rounds: number,
  measure: (app: string, preload: Preload) => Cost = measureStart,
): Cost[] {
  const samples = preloads.map((): Cost[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (let turn = 0; turn < preloads.length; turn += 1) {
      const at = (round + turn) % preloads.length;
      const cost = measure(app, preloads[at]!);
      if (round > 0) samples[at]?.push(cost);
    }
  }
  return samples.map((costs) => ({
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    rssMb: median(costs.map(({ rssMb }) => rssMb)),
    modules: median(costs.map(({ modules }) => modules)),
  }));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
