import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spoolFolder } from "../support/spool.ts";
import { waitFor } from "../support/wait.ts";
import { pause, startLoad, type Tick, ticksOf } from "./load.ts";

export interface KillsOptions {
  kills: number;
  rate: number;
  /** Of the random moments. */
  seed: number;
}

export interface KillsResult {
  /** Spans that the killed processes finished. */
  finished: number;
  /** Of those, the spans that the stated time had passed for when the process last showed life. */
  promised: number;
  /** Spans that arrived from the process that finished them, and from a later one. */
  sent: number;
  replayed: number;
  /** Promised, and never arrived. */
  lost: number;
  /** Arrived more than once though the Collector's answer had been there before the kill. */
  duplicated: number;
  /** Arrived more than once because the kill came while the answer was on its way. */
  inDoubt: number;
  /** A line for each that was lost or duplicated. */
  details: string[];
}

/** Milliseconds before a SIGKILL by which the README says a span must have finished. */
export function statedMs(): number {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, stated] = /finished (\d+) ms before a SIGKILL/.exec(readme) ?? [];
  if (stated === undefined)
    throw new Error("The README does not say when a span must have finished.");
  return Number(stated);
}

interface Run {
  ticks: Tick[];
  /** When it last wrote that it lives. */
  lastSign: number;
}

/** Kills an application under load again and again, with the Collector there and away in turns, and counts. */
export async function runKills({ kills, rate, seed }: KillsOptions): Promise<KillsResult> {
  const random = randomOf(seed);
  await using spool = await spoolFolder();
  await using receiver = await startOtlpReceiver();
  const start = (run: string, load = rate) =>
    startLoad({
      rate: load,
      run,
      env: {
        ...spool.env,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_HEADERS: `x-run=${run}`,
        OTEL_LOGS_EXPORTER: "none",
      },
    });
  const runs = new Map<string, Run>();
  for (let kill = 0; kill < kills; kill += 1) {
    receiver.respondWith(random() < 0.5 ? 200 : 503);
    await using load = await start(`run${kill}`);
    await pause(500 + random() * 2_500);
    await load.kill("SIGKILL");
    const ticks = ticksOf(load);
    runs.set(`run${kill}`, { ticks, lastSign: ticks.at(-1)?.at ?? 0 });
  }
  receiver.respondWith(200);
  {
    await using last = await start("last", 0);
    await waitFor(() => spool.batches().length === 0, {
      what: "the spool to be replayed",
      deadlineMs: 60_000,
    });
    await last.stop();
  }
  return count(runs, receiver);
}

function count(runs: ReadonlyMap<string, Run>, receiver: OtlpReceiver): KillsResult {
  const arrivals = arrivalsOf(receiver);
  const result = {
    finished: 0,
    promised: 0,
    sent: 0,
    replayed: 0,
    lost: 0,
    duplicated: 0,
    inDoubt: 0,
    details: [] as string[],
  };
  const stated = statedMs();
  // The sender lived on for as long after the answer, so it was read, and the file was removed.
  const isAcknowledged = ({ by, at }: Arrival): boolean =>
    (runs.get(by)?.lastSign ?? Number.POSITIVE_INFINITY) - at >= stated;
  for (const [run, { ticks, lastSign }] of runs) {
    for (const { from, to, at } of ticks) {
      const isPromised = at <= lastSign - stated;
      for (let index = from; index < to; index += 1) {
        const found = arrivals.get(`${run} ${index}`) ?? [];
        result.finished += 1;
        if (isPromised) result.promised += 1;
        if (found.some(({ by }) => by === run)) result.sent += 1;
        else if (found.length > 0) result.replayed += 1;
        else if (isPromised) {
          result.lost += 1;
          result.details.push(`${run} ${index} finished ${lastSign - at} ms before, never arrived`);
        }
        if (found.length < 2) continue;
        // Each sender but the last was killed before it could know.
        if (found.slice(0, -1).some((each) => isAcknowledged(each))) {
          result.duplicated += 1;
          const when = found.map(({ by, at: came }) => `${by} at ${came - lastSign}`).join(", ");
          result.details.push(`${run} ${index} came from ${when} ms after the kill`);
        } else result.inDoubt += 1;
      }
    }
  }
  return result;
}

interface Arrival {
  /** The run that sent it. */
  by: string;
  at: number;
}

function arrivalsOf({ requests }: OtlpReceiver): Map<string, Arrival[]> {
  const arrivals = new Map<string, Arrival[]>();
  for (const { headers, body, status, at } of requests) {
    if (status !== 200) continue;
    // The names alone: all spans of a run are of the same form.
    for (const [, name = ""] of JSON.stringify(body).matchAll(/"name":"(run\d+ \d+) /g)) {
      arrivals.set(name, [...(arrivals.get(name) ?? []), { by: String(headers["x-run"]), at }]);
    }
  }
  return arrivals;
}

// Of a seed, so that a run can be repeated as far as a machine allows it: xorshift.
function randomOf(seed: number): () => number {
  let state = seed || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
