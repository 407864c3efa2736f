import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Config, readConfig } from "../src/config.ts";
import * as configFile from "../src/config-file.ts";

/** What was read from a file. */
export interface Read {
  config: Config;
  /** What was said, without the folder of the file. */
  said: string[];
  /** The environment as it is left for child processes. */
  left: NodeJS.ProcessEnv;
}

/** Reads a configuration from a file with this content. */
export function read(yaml: string, env: NodeJS.ProcessEnv = {}): Read {
  const folder = mkdtempSync(join(tmpdir(), "assay-config-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "otel.yaml");
  writeFileSync(path, yaml);
  const said: string[] = [];
  const say = (sentence: string): void =>
    void said.push(sentence.replaceAll(`${folder}/`, "").replaceAll(folder, ""));
  const left = { ...env, OTEL_CONFIG_FILE: path };
  return { config: readConfig(left, say, () => configFile), said, left };
}

/** Parts of files. */
export const START = 'file_format: "1.0"\n';
export const SPANS = (settings: string): string =>
  `${START}tracer_provider: {processors: [{batch: ${settings}}]}\n`;
export const OTLP = (settings: string): string => SPANS(`{exporter: {otlp_http: ${settings}}}`);
export const BATCH = "tracer_provider.processors[0].batch";

/** Nothing leaves: no exporter, no propagator, no error. */
export const NOTHING = {
  tracesExporter: ["none"],
  metricsExporter: ["none"],
  logsExporter: ["none"],
  propagators: ["none"],
  sentryDsn: "",
};

/** A file with all that Assay honours. */
export const EVERYTHING = `${START}
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
`;
