import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { NOTHING, OTLP, read, START } from "./read-file.ts";

test("what the file has stands for the variables, and nothing is said", () => {
  const { config, said } = read(`${START}
log_level: info
resource:
  schema_url: https://opentelemetry.io/schemas/1.30.0
  attributes_list: team=pay%2Cments,service.name=from-list
  attributes:
    - {name: service.name, value: payments, type: string}
    - {name: shop.floors, value: [1, 2], type: int_array}
  detection/development:
    attributes: {included: ["host.*"], excluded: [host.arch]}
    detectors: [{host: }, {process: }, {service: }]
attribute_limits: {attribute_count_limit: 64, attribute_value_length_limit: 4096}
propagator: {composite: [{tracecontext: }], composite_list: "baggage,sentry"}
tracer_provider:
  processors:
    - batch:
        schedule_delay: 250
        export_timeout: 5000
        max_queue_size: 4096
        max_export_batch_size: 128
        exporter:
          otlp_http:
            endpoint: http://127.0.0.1:4318/v1/traces
            headers: [{name: x-tenant, value: "bank, one"}]
            headers_list: x-zone=a
            compression: gzip
            timeout: 8000
            encoding: json
    - simple: {exporter: {console: }}
  limits: {attribute_count_limit: 32, event_count_limit: 5, attribute_value_length_limit: 99}
  sampler:
    parent_based:
      root: {trace_id_ratio_based: {ratio: 0.25}}
      remote_parent_sampled: {always_off: }
logger_provider:
  processors: [{simple: {exporter: {otlp_http: {encoding: protobuf}}}}]
  limits: {attribute_count_limit: 16}
meter_provider:
  exemplar_filter: always_off
  readers:
    - periodic:
        interval: 15000
        exporter: {otlp_http: {temporality_preference: delta, default_histogram_aggregation: base2_exponential_bucket_histogram}}
        cardinality_limits: {default: 100, observable_counter: 7}
    - periodic: {interval: 1000, exporter: {console: }}
    - pull: {exporter: {prometheus/development: {host: 127.0.0.1, port: 0, scope_info_enabled: false}}}
  views:
    - selector: {instrument_name: shop.wait, instrument_type: histogram}
      stream: {name: shop.waited, aggregation: {explicit_bucket_histogram: {boundaries: [1, 2]}}, attribute_keys: {included: [rail]}}
instrumentation/development:
  general:
    http: {client: {request_captured_headers: [x-request-id]}, server: {response_captured_headers: [x-shop]}}
    sanitization: {url: {sensitive_query_parameters: [colour]}}
  js:
    dns: {enabled: true}
    pino: {enabled: false}
    express: {ignore_layers_type: [middleware]}
  java: {anything: {enabled: true}}
distribution:
  assay: {sentry_environment: live}
  another: {key: 1}
`);
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
