import type { Cluster, Worker } from "node:cluster";
import { DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import { ATTR_ASSAY_WORKER } from "@assay/semconv/assay";
import { COMMAND, decodeMetrics, hear, tell } from "./cluster-messages.ts";
import { accumulated, mergeMetrics } from "./merge-metrics.ts";
import type { SelfMetrics } from "./self-metrics.ts";

/** Gives the primary's own metrics with those of its workers. */
export type Gather = (own: readonly MetricData[], withinMs: number) => Promise<MetricData[]>;

interface Known {
  worker: Worker;
  /** Its label on gauges: the smallest number that no other has. */
  slot: number;
  last: MetricData[];
  /** Ends the wait for it; its metrics are fresh, or it has none. */
  settle?: (isFresh: boolean) => void;
}

/** The longest that a scrape waits for a worker, however long its scraper would. */
const LONGEST_MS = 2_000;

/**
 * Gathers the metrics of a cluster's workers in its primary.
 *
 * Counters, histograms and sums that go up and down are added. A gauge is a series for each process, told apart by
 * `assay.worker`: whether its sum, its largest or its mean is asked for, the query knows, as it does of pushed metrics.
 * The counters and histograms of a worker that has ended, or is late, stand at its last totals, so that none goes back.
 */
export function gatherWorkers(cluster: Cluster, self: SelfMetrics): Gather {
  const known = new Map<number, Known>();
  const seen = new WeakSet<Worker>();
  let departed: MetricData[] = [];
  let isCluster = false;
  let scrape = 0;

  const bury = (): void => {
    for (const [id, { last }] of known) {
      if (cluster.workers?.[id] !== undefined) continue;
      known.delete(id);
      departed = mergeMetrics([departed, accumulated(last)]);
    }
  };

  const watch = (worker: Worker): void => {
    if (seen.has(worker)) return;
    seen.add(worker);
    hear(worker.process, (message) => {
      // A worker that has said nothing runs without Assay, and is not waited for.
      if (message.say === "hello") {
        bury(); // also where nobody scrapes and workers come and go
        known.set(worker.id, { worker, slot: freeSlot(known), last: [] });
        void tell(worker.process, { cmd: COMMAND, say: "welcome" });
      }
      const one = known.get(worker.id);
      if (message.say !== "answer" || one === undefined) return;
      const isFresh = keep(one, message.metrics);
      if (message.scrape === scrape) one.settle?.(isFresh);
    });
    worker.process.once("disconnect", () => known.get(worker.id)?.settle?.(false));
  };
  cluster.on("fork", watch);

  return async (own, withinMs) => {
    for (const worker of Object.values(cluster.workers ?? {})) if (worker) watch(worker);
    bury();
    isCluster ||= known.size > 0;
    if (!isCluster) return mergeMetrics([own]);
    scrape += 1;
    const asked = [...known.values()];
    const fresh = await askAll(asked, scrape, Math.min(LONGEST_MS, withinMs / 2));
    const parts = asked.map((one) => {
      if (fresh.has(one)) return labelled(one.last, String(one.slot));
      // One that has just ended is not late; its last totals are here.
      const isAlive = one.worker.isConnected();
      if (isAlive) self.counted("late", { [ATTR_ASSAY_WORKER]: String(one.slot) });
      return accumulated(one.last);
    });
    return mergeMetrics([labelled(own, "primary"), departed, ...parts]);
  };
}

// Thrown from a listener it would end the application.
function keep(one: Known, metrics: string | undefined): boolean {
  if (metrics === undefined) return false;
  try {
    one.last = decodeMetrics(metrics);
    return true;
  } catch {
    return false; // as late as one that has not answered, and counted as such
  }
}

function freeSlot(known: ReadonlyMap<number, Known>): number {
  const taken = new Set([...known.values()].map(({ slot }) => slot));
  let slot = 1;
  while (taken.has(slot)) slot += 1;
  return slot;
}

async function askAll(
  asked: readonly Known[],
  scrape: number,
  withinMs: number,
): Promise<Set<Known>> {
  const fresh = new Set<Known>();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
    timer.unref();
  });
  const all = asked.map(async (one) => {
    const settled = new Promise<void>((resolve) => {
      one.settle = (isFresh) => {
        if (isFresh) fresh.add(one);
        resolve();
      };
    });
    if (!one.worker.isConnected()) return;
    await tell(one.worker.process, { cmd: COMMAND, say: "ask", scrape });
    await settled;
  });
  await Promise.race([Promise.all(all), late]);
  clearTimeout(timer);
  return fresh;
}

function labelled(metrics: readonly MetricData[], process: string): MetricData[] {
  return metrics.map((data) =>
    data.dataPointType === DataPointType.GAUGE
      ? {
          ...data,
          dataPoints: data.dataPoints.map((point) => ({
            ...point,
            attributes: { ...point.attributes, [ATTR_ASSAY_WORKER]: process },
          })),
        }
      : data,
  );
}
