import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { emptyResource } from "@opentelemetry/resources";
import type { IMetricReader, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { Config } from "./config.ts";
import type { Say } from "./diagnostics.ts";
import { ownPorts } from "./own-ports.ts";
import { withPrometheusNames } from "./prometheus-name.ts";
import type { SelfMetrics } from "./self-metrics.ts";

/**
 * Serves `/metrics` behind the gate and gives the reader that fills it.
 *
 * The exporter's own server is not used: it takes no port 0 and answers 200 when a collection fails. A port in use is
 * told in one sentence and the application goes on.
 */
export function startPrometheus(
  config: Config,
  gate: (metrics: ResourceMetrics) => ResourceMetrics,
  self: SelfMetrics,
  say: Say,
): IMetricReader {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const collect = exporter.collect.bind(exporter);
  exporter.collect = async (options) => {
    const { resourceMetrics, errors } = await collect(options);
    try {
      return { resourceMetrics: withPrometheusNames(gate(resourceMetrics)), errors };
    } catch {
      self.dropped("metrics", "redaction_failed", 1);
      // Nor the resource: it has not been through the gate either.
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics: [] }, errors: [] };
    }
  };

  const server = createServer((request, response) => {
    if (request.url?.split("?", 1)[0] === "/metrics") {
      exporter.getMetricsRequestHandler(request, response);
      return;
    }
    response.writeHead(404, { "content-type": "text/plain" }).end("Metrics are at /metrics.\n");
  });
  const { prometheusHost: host, prometheusPort: port } = config;
  server.on("error", (error: NodeJS.ErrnoException) => {
    const found =
      error.code === "EADDRINUSE" ? "is in use" : `cannot be opened (${error.code ?? "unknown"})`;
    say(
      `port ${port} on ${host} ${found}, so /metrics is not served; set OTEL_EXPORTER_PROMETHEUS_PORT to a free port, or 0 for any.`,
    );
  });
  server.listen(port, host, () => {
    const address = server.address() as AddressInfo;
    ownPorts.add(address.port);
    if (port === 0) say(`/metrics is served at http://${host}:${address.port}/metrics.`);
  });
  // Nor does a scraper that keeps its connection.
  server.on("connection", (socket) => socket.unref());
  server.unref();
  return exporter;
}
