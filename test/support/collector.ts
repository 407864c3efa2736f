import { join } from "node:path";
import { backendPath, ROOT } from "../../scripts/backends.mjs";
import { temporaryFolder } from "./folder.ts";
import { freePort, spawnService } from "./process.ts";
import { type Restartable, restartable } from "./restartable.ts";
import { answersOk } from "./wait.ts";

export interface CollectorOptions {
  /** File of the folder collector/. */
  config?: string;
  /** Settings on top of the file's, as the Collector's `yaml:` takes them: `processors::batch::timeout: 1s`. */
  settings?: readonly string[];
  /** host:port of Jaeger's OTLP over gRPC. */
  jaegerGrpc: string;
  /** Base URL of Prometheus, which takes OTLP under /api/v1/otlp. */
  prometheusUrl: string;
  /** Base URL of the error bridge; it gets POST /v1/traces and /v1/logs. */
  errorBridgeUrl: string;
  /** Where the queues lie; by default a temporary folder, removed on dispose. */
  dir?: string;
  /** Port of OTLP over HTTP, for an application that must know it before the Collector runs. */
  otlpPort?: number;
  /** Port of its own metrics, for a Prometheus that starts first. */
  metricsPort?: number;
  /** How often span metrics are sent on. */
  spanMetricsInterval?: string;
  /** More environment, as the limits of collector/README.md. */
  env?: Record<string, string>;
}

/** A running Collector. `kill()` is SIGKILL; `restart()` keeps the ports and the queues. */
export interface Collector extends Restartable {
  /** Base URL for OTLP over HTTP, as `OTEL_EXPORTER_OTLP_ENDPOINT` wants it. */
  otlpUrl: string;
  otlpGrpcUrl: string;
  healthUrl: string;
  /** The Collector's own metrics in Prometheus text. */
  metricsUrl: string;
  queueDir: string;
}

/** Starts the Collector with a file of collector/, unchanged, on free ports. */
export async function startCollector({
  config = "single.yaml",
  settings = [],
  jaegerGrpc,
  prometheusUrl,
  errorBridgeUrl,
  dir,
  otlpPort,
  metricsPort,
  spanMetricsInterval = "1s",
  env = {},
}: CollectorOptions): Promise<Collector> {
  await using cleanUp = new AsyncDisposableStack();
  const [http, grpc, health, metrics] = await Promise.all([
    otlpPort ?? freePort(),
    freePort(),
    freePort(),
    metricsPort ?? freePort(),
  ]);
  const folder = dir ?? cleanUp.use(await temporaryFolder("collector")).path;
  const queueDir = join(folder, "queue");
  const healthUrl = `http://127.0.0.1:${health}/`;

  const service = cleanUp.use(
    await restartable(() =>
      spawnService({
        name: "The Collector",
        command: backendPath("collector"),
        args: [join(ROOT, "collector", config), ...settings.map((each) => `yaml:${each}`)].flatMap(
          (each) => ["--config", each],
        ),
        cwd: folder,
        env: {
          ...env,
          ASSAY_COLLECTOR_HTTP_PORT: String(http),
          ASSAY_COLLECTOR_GRPC_PORT: String(grpc),
          ASSAY_COLLECTOR_HEALTH_PORT: String(health),
          ASSAY_COLLECTOR_METRICS_PORT: String(metrics),
          ASSAY_COLLECTOR_QUEUE_DIR: queueDir,
          ASSAY_COLLECTOR_JAEGER: jaegerGrpc,
          ASSAY_COLLECTOR_PROMETHEUS: prometheusUrl,
          ASSAY_COLLECTOR_ERROR_BRIDGE: errorBridgeUrl,
          ASSAY_COLLECTOR_SPAN_METRICS_INTERVAL: spanMetricsInterval,
        },
        ready: () => answersOk(healthUrl),
      }),
    ),
  );

  const owned = cleanUp.move();
  return Object.assign(service, {
    otlpUrl: `http://127.0.0.1:${http}`,
    otlpGrpcUrl: `http://127.0.0.1:${grpc}`,
    healthUrl,
    metricsUrl: `http://127.0.0.1:${metrics}/metrics`,
    queueDir,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}
