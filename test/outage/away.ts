import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait.ts";
import { classIn, endOf, pause, startLoad } from "./load.ts";

export interface AwayOptions {
  /** Seconds that the Collector is away. */
  seconds: number;
  /** Spans, and as many log records, a second. */
  rate: number;
  /** Of each, held at most. */
  queue: number;
  /** Megabytes of heap: a process that grew without bound would end by itself. */
  heap: number;
}

/** Of spans or of log records, by class. */
export interface Tally {
  finished: number;
  arrived: number;
  /** As the process counts them itself. */
  dropped: number;
  twice: number;
}

export interface AwayResult {
  spans: Record<string, Tally>;
  records: Record<string, Tally>;
  mostRssMiB: number;
  /** What it said on stderr. */
  said: string[];
}

/** Puts load on an application while the Collector is away, lets it come back, and counts. */
export async function runAway({ seconds, rate, queue, heap }: AwayOptions): Promise<AwayResult> {
  const away = await startOtlpReceiver();
  const { port } = away;
  await away[Symbol.asyncDispose]();
  await using load = await startLoad({
    rate,
    run: "away",
    flags: [`--max-old-space-size=${heap}`],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_MAX_QUEUE_SIZE: String(queue),
      OTEL_BLRP_MAX_QUEUE_SIZE: String(queue),
      OTEL_METRIC_EXPORT_INTERVAL: "1000",
    },
  });
  await pause(seconds * 1_000);
  await load.kill("SIGUSR2");
  const end = await waitFor(() => endOf(load), { what: "the load to stop" });
  await using back = await startOtlpReceiver({ port });
  const said = (): string[] => load.output("stderr").trim().split("\n");
  await waitFor(
    () =>
      ["spans are delivered again", "log records are delivered again"].every((sentence) =>
        said().join("\n").includes(sentence),
      ),
    { what: "the delivery to begin again", deadlineMs: 60_000 },
  );
  // What is held goes before the process ends; the last collection of metrics goes with its end.
  let arrived = -1;
  await waitFor(
    () => {
      const now = back.spans().length + back.logs().length;
      const isStill = now === arrived;
      arrived = now;
      return isStill;
    },
    { what: "all to arrive", everyMs: 2_000, deadlineMs: 120_000 },
  );
  await load.stop();

  const points = back.metrics().findLast(({ name }) => name === "assay.telemetry.dropped")?.points;
  const dropped = (signal: string, of: string): number =>
    (points ?? [])
      .filter(
        ({ attributes }) =>
          attributes["assay.signal"] === signal && attributes["assay.drop.class"] === of,
      )
      .reduce((sum, { value = 0 }) => sum + value, 0);
  const names = back.spans().map(({ name }) => name);
  const bodies = back.logs().map(({ body }) => String(body));
  return {
    spans: tally(end.finished, names, (of) => dropped("traces", of)),
    records: tally(end.finished, bodies, (of) => dropped("logs", of)),
    mostRssMiB: Math.round(end.mostRss / 1024 ** 2),
    said: said(),
  };
}

function tally(
  finished: number,
  names: readonly string[],
  dropped: (of: string) => number,
): Record<string, Tally> {
  const of = (index: number): string => {
    if (index % 20 === 0) return "payment";
    return index % 50 === 1 ? "error" : "other";
  };
  const all = Array.from({ length: finished }, (_, index) => of(index));
  return Object.fromEntries(
    ["payment", "error", "other"].map((each) => {
      const arrived = names.filter((name) => classIn(name) === each);
      const distinct = new Set(arrived).size;
      return [
        each,
        {
          finished: all.filter((found) => found === each).length,
          arrived: distinct,
          dropped: dropped(each),
          twice: arrived.length - distinct,
        },
      ];
    }),
  );
}
