import cluster from "node:cluster";
import { diag } from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import {
  AggregationType,
  type IMetricReader,
  type MetricData,
  MetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { gatherWorkers } from "./cluster-primary.ts";
import { answerPrimary } from "./cluster-worker.ts";
import type { Config } from "./config.ts";
import type { Say } from "./diagnostics.ts";
import { withPrometheusNames } from "./prometheus-name.ts";
import { serveMetrics } from "./prometheus-server.ts";
import type { SelfMetrics } from "./self-metrics.ts";
import { collectQuietly } from "./quiet-collection.ts";
import { temporalityOf } from "./temporality.ts";

/**
 * Serves `/metrics` behind the gate and gives the reader that fills it; in a cluster the primary serves those of its
 * workers too, and a worker opens no port.
 *
 * The exporter's own server is not used: it takes no port 0 and no credential, and answers 200 when a collection fails.
 */
export function startPrometheus(
  config: Config,
  gate: (metrics: ResourceMetrics) => ResourceMetrics,
  self: SelfMetrics,
  say: Say,
): IMetricReader {
  const reader = collectQuietly(new PullReader());
  const collect = async (): Promise<ResourceMetrics> => {
    const { resourceMetrics, errors } = await reader.collect().catch((error: unknown) => {
      diag.error("metrics could not be collected", error);
      throw new Error("the metrics could not be collected");
    });
    // One callback of the application that throws costs its own instrument and no other.
    if (errors.length > 0) diag.error("an instrument could not be observed", ...errors);
    try {
      return gate(resourceMetrics);
    } catch {
      self.dropped("metrics", "redaction_failed", 1);
      throw new Error("the metrics could not be redacted, so none is shown");
    }
  };

  if (cluster.isWorker) {
    reader.sendLast = answerPrimary(collect, say);
    return reader;
  }
  const gather = gatherWorkers(cluster, self);
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  let running: Promise<string> | undefined;
  const scrape = async (withinMs: number): Promise<string> => {
    const { resource, scopeMetrics } = await collect();
    const all = await gather(metricsOf(scopeMetrics), withinMs);
    const scopes = [{ scope: { name: "@assay/node" }, metrics: all }];
    try {
      return serializer.serialize(withPrometheusNames({ resource, scopeMetrics: scopes }));
    } catch (error) {
      // What it says may repeat a label, and who reads the answer is not known.
      diag.error("metrics could not be written", error);
      throw new Error("the metrics could not be written", { cause: error });
    }
  };
  serveMetrics(
    config,
    // Scrapers that come at once get the same answer.
    (withinMs) =>
      (running ??= scrape(withinMs).finally(() => {
        running = undefined;
      })),
    say,
  );
  return reader;
}

function metricsOf(scopes: ResourceMetrics["scopeMetrics"]): MetricData[] {
  return scopes.flatMap(({ metrics }) => metrics);
}

class PullReader extends MetricReader {
  /** Of a worker: gives its primary what it has counted until now. */
  sendLast: () => Promise<void> = async () => {};

  constructor() {
    super({
      aggregationSelector: () => ({ type: AggregationType.DEFAULT }),
      aggregationTemporalitySelector: (type) => temporalityOf("cumulative", type),
    });
  }

  protected async onForceFlush(): Promise<void> {
    await this.sendLast();
  }

  protected async onShutdown(): Promise<void> {}
}
