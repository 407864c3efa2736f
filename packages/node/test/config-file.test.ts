import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { expect, onTestFinished, test, vi } from "vitest";
import { EVERYTHING, NOTHING, OTLP, read, START } from "./read-file.ts";

test("what the file has stands for the variables, and nothing is said", () => {
  const { config, said } = read(EVERYTHING);
  expect(said).toEqual([]);
  expect(config).toMatchObject({
    logLevel: "INFO",
    attributeCount: 64,
    logAttributeCount: 16,
    valueLength: 4096,
    propagators: ["tracecontext", "baggage", "sentry"],
    tracesExporter: ["otlp", "console"],
    logsExporter: ["otlp"],
    metricsExporter: ["otlp", "console", "prometheus"],
    spanDelay: 250,
    spanQueue: 4096,
    spanBatch: 128,
    logBatch: 1,
    metricInterval: 15_000,
    tracesProtocol: "http/json",
    logsProtocol: "http/protobuf",
    prometheusPort: 0,
    sentryEnvironment: "live",
  });
  expect(config.file?.env).toMatchObject({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:4318/v1/traces",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-zone=a,x-tenant=bank%2C%20one",
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "5000",
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "32",
    OTEL_SPAN_EVENT_COUNT_LIMIT: "5",
  });
  expect(config.file?.declared).toEqual({
    resource: {
      attributes: { "service.name": "payments", "shop.floors": [1, 2], team: "pay,ments" },
      schemaUrl: "https://opentelemetry.io/schemas/1.30.0",
      detectors: ["host", "process", "service"],
      included: ["host.*"],
      excluded: ["host.arch"],
    },
    sampler: {
      kind: "parent_based",
      parts: {
        root: { kind: "trace_id_ratio_based", ratio: 0.25 },
        remote_parent_sampled: { kind: "always_off" },
      },
    },
    readers: {
      otlp: {
        temporality: "delta",
        histogram: "base2_exponential_bucket_histogram",
        cardinality: { default: 100, observableCounter: 7 },
      },
      console: { intervalMs: 1000 },
    },
    views: [
      {
        instrumentName: "shop.wait",
        instrumentType: "HISTOGRAM",
        name: "shop.waited",
        aggregation: { kind: "explicit_bucket_histogram", boundaries: [1, 2] },
        included: ["rail"],
      },
    ],
    instrumentations: {
      http: {
        options: {
          headersToSpanAttributes: {
            client: { requestHeaders: ["x-request-id"] },
            server: { responseHeaders: ["x-shop"] },
          },
        },
      },
      undici: { options: { headersToSpanAttributes: { requestHeaders: ["x-request-id"] } } },
      dns: { enabled: true, options: {} },
      pino: { enabled: false, options: {} },
      express: { options: { ignoreLayersType: ["middleware"] } },
    },
    valueLengths: { traces: 99 },
    queryParameters: ["colour"],
  });
});

test("a signal without a provider, and a file without propagators, have none", () => {
  expect(read(START)).toMatchObject({ said: [], config: { ...NOTHING, disabled: false } });
});

test("disabled: true is OTEL_SDK_DISABLED, and nothing else of the file is looked at", () => {
  const { config, said } = read(`${START}disabled: true\ndistribution: {assay: {unknown: 1}}\n`);
  expect({ disabled: config.disabled, said }).toEqual({ disabled: true, said: [] });
});

test("OTEL_* variables do not count beside the file but in ${}, those of Assay and Sentry do", () => {
  vi.stubEnv("SHOP_COLLECTOR", "http://collector.example:4318");
  onTestFinished(() => void vi.unstubAllEnvs());
  const yaml = OTLP(
    '{endpoint: "${SHOP_COLLECTOR}/v1/traces", compression: "${SHOP_COMPRESSION:-gzip}"}',
  );
  const env = {
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=secret",
    OTEL_TRACES_SAMPLER: "always_off",
    OTEL_LOGS_EXPORTER: "zipkin",
    SENTRY_ENVIRONMENT: "live",
  };
  const { config, said, left } = read(yaml, env);
  // A child process has the same file, and takes the same variables for it.
  expect(left).toMatchObject(env);
  expect({ said, sampler: config.sampler, env: config.file?.env }).toEqual({
    said: [],
    sampler: "parentbased_always_on",
    env: expect.not.objectContaining({ OTEL_EXPORTER_OTLP_HEADERS: expect.anything() }) as unknown,
  });
  expect(config.sentryEnvironment).toBe("live");
  expect(config.file?.env).toMatchObject({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector.example:4318/v1/traces",
    OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: "gzip",
  });
});

test("the file's own block wins over a variable of Assay", () => {
  const yaml = `${START}distribution: {assay: {sentry_environment: live}}\n`;
  expect(read(yaml, { SENTRY_ENVIRONMENT: "test" }).config.sentryEnvironment).toBe("live");
});

test("the README's example is a file that Assay honours whole; its key file is not here", () => {
  const readme = readFileSync(join(__dirname, "../../../README.md"), "utf8");
  const yaml = /```yaml\n(file_format:.*?)```/s.exec(readme)?.[1] ?? "";
  const { said, config } = read(yaml);
  expect(said).toEqual([
    expect.stringContaining('assay.pseudonym_keys_file of otel.yaml is "/etc/assay/keys"; use '),
  ]);
  expect(config).toMatchObject({
    tracesExporter: ["otlp"],
    metricsExporter: ["prometheus"],
    logsExporter: ["none"],
  });
});

test("a key without a value is as good as none: nothing throws, and nothing is more than was asked for", () => {
  const found = parse(EVERYTHING) as object;
  const paths = pathsIn(found).filter((path) => path.at(-1) !== "file_format");
  expect(paths.length).toBeGreaterThan(100);
  for (const path of paths) {
    const without = structuredClone(found);
    setAt(without, path, null);
    const { config, said } = read(stringify(without));
    const isRefused = config.file?.env["OTEL_NODE_DISABLED_INSTRUMENTATIONS"] !== undefined;
    const isTold = said.some((sentence) => sentence.endsWith(" Nothing is exported until then."));
    expect([path, isRefused]).toEqual([path, isTold]);
    expect(config.tracesExporter.every((kind) => ["otlp", "console", "none"].includes(kind))).toBe(
      true,
    );
  }
});

type Path = (string | number)[];

function pathsIn(value: object, path: Path = []): Path[] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    return [at, ...(typeof item === "object" && item !== null ? pathsIn(item, at) : [])];
  });
}

function setAt(value: object, path: Path, to: unknown): void {
  const parent = path.slice(0, -1).reduce((part, key) => Reflect.get(part, key) as object, value);
  Reflect.set(parent, path.at(-1)!, to);
}
