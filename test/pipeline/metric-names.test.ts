import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type NamedInstrument, toPrometheusName } from "@assay/semconv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { startApplication } from "../preload/application.ts";
import { freePort } from "../support/process.ts";
import { startPrometheus } from "../support/prometheus.ts";
import { getJson, waitFor } from "../support/wait.ts";

const REGISTRY = join(import.meta.dirname, "../../packages/semconv/registry");

interface RegistryFile {
  metrics?: { name: string; unit: string; instrument: NamedInstrument["kind"] }[];
}

/** Every instrument that the registry declares. */
function declared(): NamedInstrument[] {
  return readdirSync(REGISTRY)
    .filter((file) => file.endsWith(".yaml"))
    .flatMap(
      (file) => (parse(readFileSync(join(REGISTRY, file), "utf8")) as RegistryFile).metrics ?? [],
    )
    .map(({ name, unit, instrument }) => ({ name, unit, kind: instrument }));
}

// Names and units that a translation gets wrong first.
const AWKWARD: NamedInstrument[] = [
  { name: "odd.disk.io", unit: "By/s", kind: "gauge" },
  { name: "odd.cpu.load", unit: "%", kind: "gauge" },
  { name: "odd.utilization", unit: "1", kind: "gauge" },
  { name: "odd.hit.ratio.now", unit: "1", kind: "gauge" },
  { name: "odd.speed", unit: "m/s", kind: "gauge" },
  { name: "odd.requests", unit: "{request}/s", kind: "gauge" },
  { name: "odd.queue.seconds", unit: "s", kind: "histogram" },
  { name: "odd.total.requests", unit: "{request}", kind: "counter" },
  { name: "odd.replies.total", unit: "1", kind: "counter" },
  { name: "odd.queue.length", unit: "1", kind: "updowncounter" },
  { name: "Odd.CamelCase-name", unit: "ms", kind: "histogram" },
  { name: "odd.http2.frames", unit: "{frame}", kind: "counter" },
  { name: "odd.requests.per.second", unit: "1/s", kind: "gauge" },
  { name: "odd.calls", unit: "1/min", kind: "gauge" },
  { name: "odd.growth", unit: "By/s/d", kind: "gauge" },
  { name: "odd.mass", unit: "kg.m2", kind: "gauge" },
  { name: "odd.wait", unit: " s /h", kind: "gauge" },
  { name: "odd.cpu.seconds.total", unit: "s", kind: "counter" },
  { name: "odd.foo", unit: "foo_/s", kind: "gauge" },
  { name: "odd.3d.points", unit: "", kind: "updowncounter" },
  { name: "odd/slash__and-more", unit: "KiBy", kind: "histogram" },
];

test.each([
  ["a process", "0"],
  ["the worker of a cluster", "1"],
])(
  "every instrument of %s has in Prometheus the name that toPrometheusName gives, pushed and scraped",
  async (_, cluster) => {
    const instruments = [...declared(), ...AWKWARD];
    const metricsPort = await freePort();
    await using prometheus = await startPrometheus({ app: `127.0.0.1:${metricsPort}` });
    await using application = await startApplication({
      file: "instruments.cjs",
      env: {
        CLUSTER: cluster,
        INSTRUMENTS: JSON.stringify(instruments),
        OTEL_SERVICE_NAME: "pushed",
        OTEL_TRACES_EXPORTER: "none",
        OTEL_LOGS_EXPORTER: "none",
        OTEL_METRICS_EXPORTER: "otlp,prometheus",
        OTEL_METRIC_EXPORT_INTERVAL: "500",
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${prometheus.url}/api/v1/otlp/v1/metrics`,
        OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/protobuf",
        OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
      },
    });

    expect(application.pid).toBeGreaterThan(0);
    const expected = [...new Set(instruments.map(toPrometheusName))].toSorted();
    // Two that share a name would hide each other.
    expect(expected).toHaveLength(instruments.length);
    // A histogram is three series; their names end alike on both paths. The name of a counter may end so by itself.
    const names = async (job: string): Promise<string[]> => {
      const match = encodeURIComponent(`{job="${job}"}`);
      const { data } = await getJson<{ data: string[] }>(
        `${prometheus.url}/api/v1/label/__name__/values?match[]=${match}`,
      );
      const bases = data.map((name) =>
        expected.includes(name) ? name : name.replace(/_(?:bucket|sum|count)$/, ""),
      );
      return [...new Set(bases)].toSorted();
    };
    for (const job of ["pushed", "application"]) {
      const found = await waitFor(
        async () => {
          const all = await names(job);
          return expected.every((name) => all.includes(name)) ? all : undefined;
        },
        { what: `${expected.length} names of the job ${job}`, deadlineMs: 30_000, everyMs: 500 },
      ).catch(() => names(job));
      expect({ job, missing: expected.filter((name) => !found.includes(name)) }).toEqual({
        job,
        missing: [],
      });
      // And under no other name beside it.
      const unexpected = found.filter(
        (name) => /^(finance|assay|odd|Odd)_/.test(name) && !expected.includes(name),
      );
      expect({ job, unexpected }).toEqual({ job, unexpected: [] });
    }
    expect(application.output()).toBe("");
  },
);
