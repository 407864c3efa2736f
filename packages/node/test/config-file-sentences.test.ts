import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import * as configFile from "../src/config-file.ts";
import { readConfig } from "../src/config.ts";
import { BATCH, NOTHING, OTLP, read, SPANS, START } from "./read-file.ts";

test.each([
  [
    `${START}tracer_provider: {processors: [{batch: {exporter: {zipkin: {}}}}]}`,
    `${BATCH}.exporter.zipkin`,
  ],
  [SPANS("{exporter: {otlp_file/development: {}}}"), `${BATCH}.exporter.otlp_file/development`],
  [SPANS("{exporter: {console: }, max_queue_size: 9}"), `${BATCH}.max_queue_size`],
  [
    `${START}tracer_provider: {processors: [{simple: {exporter: {console: }}}], sampler: {probability/development: {ratio: 0.5}}}`,
    "tracer_provider.sampler.probability/development",
  ],
  [
    `${START}tracer_provider: {processors: [{simple: {exporter: {console: }}}], tracer_configurator/development: {default_config: {enabled: false}}}`,
    "tracer_provider.tracer_configurator/development",
  ],
  [
    `${START}meter_provider: {readers: [{periodic: {exporter: {console: }}}], exemplar_filter: trace_based}`,
    "meter_provider.exemplar_filter",
  ],
  [
    `${START}meter_provider: {readers: [{pull: {exporter: {prometheus/development: {scope_info_enabled: true}}}}]}`,
    "meter_provider.readers[0].pull.exporter.prometheus/development.scope_info_enabled",
  ],
  [`${START}propagator: {composite: [{b3: }]}`, "propagator.composite[0].b3"],
  [
    `${START}resource: {detection/development: {detectors: [{container: }]}}`,
    "resource.detection/development.detectors[0].container",
  ],
  [
    `${START}instrumentation/development: {general: {http: {semconv: {version: 1}}}}`,
    "instrumentation/development.general.http.semconv",
  ],
  [
    `${START}instrumentation/development: {js: {htpp: {enabled: false}}}`,
    "instrumentation/development.js.htpp",
  ],
  [`${START}mystery: {key: 1}`, "mystery"],
])("%s is told by its path, and the rest is used", (yaml, path) => {
  const { said, config } = read(yaml);
  expect(said).toEqual([`${path} of otel.yaml is not honoured by Assay; take it out.`]);
  expect(config.file?.env["OTEL_NODE_DISABLED_INSTRUMENTATIONS"]).toBeUndefined();
});

test.each([
  [
    SPANS("{schedule_delay: 0, exporter: {otlp_http: }}"),
    `${BATCH}.schedule_delay of otel.yaml is "0"; use a whole number greater than 0, up to 2147483647. Assay uses 1000.`,
  ],
  [
    SPANS("{export_timeout: 0, exporter: {otlp_http: }}"),
    `${BATCH}.export_timeout of otel.yaml is "0"; use a whole number greater than 0, up to 2147483647. It is ignored.`,
  ],
  [
    OTLP("{timeout: 99999999999}"),
    `${BATCH}.exporter.otlp_http.timeout of otel.yaml is "99999999999"; use a whole number greater than 0, up to 2147483647. It is ignored.`,
  ],
  [
    OTLP("{endpoint: collector:4318}"),
    `${BATCH}.exporter.otlp_http.endpoint of otel.yaml is "collector:4318"; use an http:// or https:// URL such as http://127.0.0.1:4318. It is ignored.`,
  ],
  [
    OTLP("{compression: zstd}"),
    `${BATCH}.exporter.otlp_http.compression of otel.yaml is "zstd"; use gzip or none. It is ignored.`,
  ],
  [
    OTLP("{headers_list: Sup3rS3cret}"),
    `${BATCH}.exporter.otlp_http.headers_list of otel.yaml is not valid (value not shown); use name=value pairs separated by commas, with commas, semicolons and % in a value percent-encoded. It is ignored.`,
  ],
  [
    `${START}propagator: {composite_list: "tracecontext,jaeger"}`,
    'propagator.composite_list of otel.yaml has "jaeger", which is not honoured by Assay; use tracecontext, baggage and sentry.',
  ],
  [
    `${START}resource: {attributes_list: foo}`,
    'resource.attributes_list of otel.yaml is "foo"; use key=value pairs separated by commas, up to 255 characters each, with commas, equals signs and % in a value percent-encoded. It is ignored.',
  ],
  [
    `${START}meter_provider: {readers: [{periodic: {interval: 0, exporter: {console: }}}]}`,
    "meter_provider.readers[0].periodic.interval of otel.yaml is 0; use a whole number greater than 0, up to 2147483647. It is ignored.",
  ],
  [
    `${START}meter_provider: {readers: [{periodic: {exporter: {console: }}}], views: [{selector: {instrument_name: "finance.*"}, stream: {attribute_keys: {included: [finance.tenant.id]}}}]}`,
    "meter_provider.views[0] of otel.yaml is not used: it selects finance.errors of Assay's registry, too; use the whole name of one instrument.",
  ],
  [
    `${START}meter_provider: {readers: [{periodic: {exporter: {console: }}}], views: [{selector: {instrument_name: shop.wait}, stream: {attribute_keys: {included: ["a*"]}}}]}`,
    'meter_provider.views[0] of otel.yaml is not used: attribute_keys has "a*"; use whole names.',
  ],
  [
    `${START}instrumentation/development: {js: {http: {enabled: "no"}}}`,
    'instrumentation/development.js.http.enabled of otel.yaml is "no"; use true or false. It is ignored.',
  ],
  [
    `file_format: "1.2"\n`,
    'file_format of otel.yaml is "1.2"; Assay knows 1.0 and 1.1, and uses what it knows of it.',
  ],
])("%s is one sentence, and the rest is used", (yaml, sentence) => {
  const { said, config } = read(yaml);
  expect(said).toEqual([sentence]);
  expect(config.file?.env["OTEL_NODE_DISABLED_INSTRUMENTATIONS"]).toBeUndefined();
});

test("a second exporter of one kind is told, and the first is used", () => {
  const one = (port: number): string =>
    `{batch: {exporter: {otlp_http: {endpoint: "http://127.0.0.1:${port}/v1/traces"}}}}`;
  const { said, config } = read(
    `${START}tracer_provider: {processors: [${one(1)}, {simple: {exporter: {console: }}}, ${one(2)}]}`,
  );
  expect(said).toEqual([
    "tracer_provider.processors[2].batch.exporter of otel.yaml is a second otlp_http of traces and is not used; use one Collector, and let it send to others.",
  ]);
  expect(config).toMatchObject({ tracesExporter: ["otlp", "console"] });
  expect(config.file?.env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]).toBe(
    "http://127.0.0.1:1/v1/traces",
  );
});

const HTTPS = 'endpoint: "https://collector.example/v1/traces"';

test.each([
  [
    SPANS("{exporter: {otlp_grpc: {tls: {insecure: true}}}}"),
    `${BATCH}.exporter.otlp_grpc of otel.yaml asks for gRPC, which Assay does not send; use otlp_http.`,
  ],
  [
    OTLP(`{${HTTPS}, tls: {ca_file: ca.pem}}`),
    `${BATCH}.exporter.otlp_http.tls.ca_file of otel.yaml is "ca.pem"; use a path from the root, or \${VARIABLE} for its start.`,
  ],
  [
    OTLP(`{${HTTPS}, tls: {key_file: /nowhere/key.pem}}`),
    `${BATCH}.exporter.otlp_http.tls.key_file of otel.yaml is "/nowhere/key.pem"; use the path of a file in PEM that this process can read.`,
  ],
  [
    `${START}distribution: {assay: {redaction: off}}`,
    "distribution.assay.redaction of otel.yaml is not known; use one of distribution.assay.",
  ],
  [
    `${START}distribution: {assay: {sentry_dsn: {host: x}}}`,
    "distribution.assay.sentry_dsn of otel.yaml has keys of its own; use a text, a number or a list.",
  ],
])("%s stops all export in one sentence", (yaml, sentence) => {
  const { said, config } = read(yaml, { SENTRY_DSN: "https://key@sentry.example/1" });
  expect(said).toEqual([expect.stringContaining(sentence)]);
  expect(said[0]).toMatch(/ Nothing is exported until then\.$/);
  expect(config).toMatchObject(NOTHING);
});

test("TLS that is asked for on an http:// endpoint stops all export", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-authority-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const authority = join(folder, "ca.pem");
  writeFileSync(authority, rootCertificates[0] ?? "");
  const { config, said } = read(
    OTLP(`{endpoint: "http://collector.example/v1/traces", tls: {ca_file: "${authority}"}}`),
  );
  expect(said).toEqual([
    `${BATCH}.exporter.otlp_http.tls.ca_file of otel.yaml asks for TLS, and the endpoint is without it; use an https:// URL. Nothing is exported until then.`,
  ]);
  expect(config).toMatchObject(NOTHING);
});

test.each([
  ["", "it is not valid: Unsupported file_format"],
  ['file_format: "0.4"\n', 'it is not valid: Unsupported file_format: "0.4"'],
  [`${START}disabled: true\ndisabled: false\n`, "line 3, column 1 is no YAML (DUPLICATE_KEY)"],
  [`${START}resource: {attributes: [\n`, "line 3, column 1 is no YAML (BAD_INDENT)"],
  [
    `${START}tracer_provider: {}\n`,
    "it is not valid: /tracer_provider must have required property 'processors'",
  ],
  [
    `${START}tracer_provider: {processors: [{simple: {exporter: {console: }}}], sampler: {trace_id_ratio_based: {ratio: 1.5}}}`,
    "it is not valid: /tracer_provider/sampler/trace_id_ratio_based/ratio must be <= 1",
  ],
  [OTLP("{tls: {insecure: true}}"), "it is not valid: "],
  [
    `${START}resource: {schema_url: "\${not a name}"}`,
    "it is not valid: parse error: invalid env var substitution",
  ],
])("%j is no configuration file, and stops all export in one sentence", (yaml, wrong) => {
  const { said, config } = read(yaml);
  expect(said).toEqual([expect.stringContaining(`OTEL_CONFIG_FILE is "otel.yaml"; ${wrong}`)]);
  expect(said[0]).toMatch(/; use a file of OpenTelemetry's .+\. Nothing is exported until then\.$/);
  expect(config).toMatchObject(NOTHING);
});

test.each(["/nowhere/otel.yaml", tmpdir()])("%s cannot be read, and stops all export", (path) => {
  const said: string[] = [];
  const config = readConfig(
    { OTEL_CONFIG_FILE: path },
    (sentence) => said.push(sentence),
    () => configFile,
  );
  expect(said).toEqual([
    expect.stringMatching(/^OTEL_CONFIG_FILE is ".+"; it cannot be read \((ENOENT|EISDIR)\); use /),
  ]);
  expect(config).toMatchObject(NOTHING);
});
