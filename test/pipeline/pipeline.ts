import { type Collector, startCollector } from "../support/collector.ts";
import { type Jaeger, startJaeger } from "../support/jaeger.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { freePort } from "../support/port.ts";
import { type Prometheus, startPrometheus } from "../support/prometheus.ts";

/** The Collector with Jaeger and Prometheus, and a receiver in the bridge's place that shows what came. */
export interface Pipeline extends AsyncDisposable {
  jaeger: Jaeger;
  prometheus: Prometheus;
  bridge: OtlpReceiver;
  collector: Collector;
}

/** `config` is the Collector's, a file of collector/, with `settings` on top of it. */
export async function startPipeline({
  config,
  settings = [],
}: { config?: string; settings?: readonly string[] } = {}): Promise<Pipeline> {
  await using cleanUp = new AsyncDisposableStack();
  const metricsPort = await freePort();
  const bridge = cleanUp.use(await startOtlpReceiver());
  const jaeger = cleanUp.use(await startJaeger());
  const prometheus = cleanUp.use(
    await startPrometheus({ collectorMetrics: `127.0.0.1:${metricsPort}` }),
  );
  const collector = cleanUp.use(
    await startCollector({
      ...(config === undefined ? {} : { config }),
      settings,
      jaegerGrpc: jaeger.otlpGrpc,
      prometheusUrl: prometheus.url,
      errorBridgeUrl: bridge.url,
      metricsPort,
    }),
  );
  const owned = cleanUp.move();
  return {
    jaeger,
    prometheus,
    bridge,
    collector,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
