import { type Bugsink, startBugsink } from "./bugsink.ts";
import { type Collector, startCollector } from "./collector.ts";
import { type ErrorBridge, startErrorBridge } from "./error-bridge.ts";
import { type Jaeger, startJaeger } from "./jaeger.ts";
import { freePort } from "./port.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";

export interface StackOptions {
  /** host:port of an application's /metrics for Prometheus to scrape. */
  app?: string;
  spanMetricsInterval?: string;
}

/** The Collector and everything behind it, wired together. Dispose stops all, the Collector first. */
export interface Stack extends AsyncDisposable {
  jaeger: Jaeger;
  prometheus: Prometheus;
  bugsink: Bugsink;
  bridge: ErrorBridge;
  collector: Collector;
}

/** Starts Jaeger, Prometheus, bugsink, the error bridge and the Collector; when one fails, none stays. */
export async function startStack({
  app,
  spanMetricsInterval = "1s",
}: StackOptions = {}): Promise<Stack> {
  await using cleanUp = new AsyncDisposableStack();
  // Prometheus must know where the Collector's own metrics will be before the Collector runs.
  const metricsPort = await freePort();
  const errors = startBugsink().then(async (bugsink) => {
    cleanUp.use(bugsink);
    return { bugsink, bridge: cleanUp.use(await startErrorBridge({ dsn: bugsink.dsn })) };
  });
  const started = await Promise.allSettled([
    startJaeger().then((jaeger) => cleanUp.use(jaeger)),
    startPrometheus({ collectorMetrics: `127.0.0.1:${metricsPort}`, ...(app && { app }) }).then(
      (prometheus) => cleanUp.use(prometheus),
    ),
    errors,
  ] as const);
  // All have settled, so the stack holds each one that runs: throwing now leaves nothing behind.
  const [jaeger, prometheus, { bugsink, bridge }] = [
    settled(started[0]),
    settled(started[1]),
    settled(started[2]),
  ];
  const collector = cleanUp.use(
    await startCollector({
      jaegerGrpc: jaeger.otlpGrpc,
      prometheusUrl: prometheus.url,
      errorBridgeUrl: bridge.url,
      metricsPort,
      spanMetricsInterval,
    }),
  );
  const owned = cleanUp.move();
  return {
    jaeger,
    prometheus,
    bugsink,
    bridge,
    collector,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function settled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") {
    throw result.reason;
  }
  return result.value;
}
