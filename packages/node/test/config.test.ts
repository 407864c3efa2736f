import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { options } from "../src/options.ts";

function read(env: NodeJS.ProcessEnv): { said: string[]; config: ReturnType<typeof readConfig> } {
  const said: string[] = [];
  return { config: readConfig(env, (sentence) => said.push(sentence)), said };
}

test("an empty environment says nothing and exports OTLP to the local Collector", () => {
  const { said, config } = read({});
  expect(said).toEqual([]);
  expect(config).toMatchObject({
    tracesExporter: ["otlp"],
    metricsExporter: ["otlp"],
    protocol: "http/json",
    prometheusHost: "127.0.0.1",
  });
});

test.each([
  ["OTEL_TRACES_SAMPLER_ARG", "1.5", "use a number from 0 to 1. Assay uses 1."],
  ["OTEL_TRACES_SAMPLER", "sometimes", "use always_on, always_off, traceidratio"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "use http/json or http/protobuf; Assay sends no gRPC."],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "use an http:// or https:// URL"],
  ["OTEL_TRACES_EXPORTER", "zipkin", "use a list of otlp and console, or none."],
  ["OTEL_METRICS_EXPORTER", "statsd", "use a list of otlp, prometheus and console, or none."],
  ["OTEL_METRICS_EXPORTER", "none,otlp", "use a list of otlp, prometheus and console, or none."],
  ["OTEL_EXPORTER_PROMETHEUS_PORT", "99999", "use a port from 0 to 65535"],
  [
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "-1",
    "use a whole number greater than 0, up to 2147483647. Assay uses 65536.",
  ],
  [
    "OTEL_METRIC_EXPORT_INTERVAL",
    "1.5s",
    "use a whole number greater than 0, up to 2147483647. Assay uses 60000.",
  ],
  ["OTEL_METRIC_EXPORT_INTERVAL", "99999999999", "use a whole number greater than 0, up to"],
  ["OTEL_SDK_DISABLED", "yes", "use true or false. Assay uses false."],
  ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "ftp://host", "use an http:// or https:// URL"],
  ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "10s", "use a whole number greater than 0"],
  ["OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "use gzip or none. Assay uses none."],
  ["OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "zstd", "use gzip or none. It is ignored."],
  ["OTEL_RESOURCE_ATTRIBUTES", "foo", "use key=value pairs separated by commas"],
  ["OTEL_RESOURCE_ATTRIBUTES", "team=a=b", "use key=value pairs separated by commas"],
  ["OTEL_RESOURCE_ATTRIBUTES", "share=100%", "use key=value pairs separated by commas"],
  ["OTEL_RESOURCE_ATTRIBUTES", `a=${"b".repeat(256)}`, "use key=value pairs separated by commas"],
  ["OTEL_NODE_ENABLED_INSTRUMENTATIONS", "http,htpp", "use a list of amqplib, aws-lambda, "],
  ["OTEL_NODE_DISABLED_INSTRUMENTATIONS", "htpp", "use a list of amqplib, aws-lambda, "],
  ["OTEL_ATTRIBUTE_COUNT_LIMIT", "many", "use a whole number up to 2147483647. Assay uses 128."],
  ["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "-1", "use a whole number up to 2147483647. It is ignored."],
  ["OTEL_PROPAGATORS", "jaeger", "use a list of tracecontext, baggage and sentry, or none."],
])(
  "%s=%s is told in one sentence that names the variable, the value and what to write",
  (name, value, told) => {
    const { said } = read({ [name]: value });
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`${name} is ${JSON.stringify(value)}; ${told}`);
  },
);

test.each([
  ["SENTRY_DSN", "https://sentry.example/no-key-Sup3rS3cret"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "Sup3rS3cret"],
  ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "authorization=Sup3rS3cret,"],
  ["OTEL_EXPORTER_OTLP_METRICS_HEADERS", "authorization=Sup3rS3cret%"],
  ["OTEL_EXPORTER_OTLP_LOGS_HEADERS", "authorization=Sup3rS3cret;rest"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "authorization=Sup3rS3cret%0Ax"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "authorisation :=Sup3rS3cret"],
])("a wrong %s is told without its value", (name, value) => {
  const { said } = read({ [name]: value });
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(`${name} is not valid (value not shown); use `);
  expect(said[0]).not.toContain("Sup3rS3cret");
});

test("resource attributes that upstream takes are good: an empty value, a comma at the end, %2C", () => {
  const env = { OTEL_RESOURCE_ATTRIBUTES: "service.version=1.2, team=pay%2Cments,owner=," };
  expect(read(env).said).toEqual([]);
});

test("headers with spaces, equals signs and percent-encoding are good", () => {
  const headers = "authorization=Basic dXNlcjpwYXNz==, x-tenant = bank%2Cone";
  const env = { OTEL_EXPORTER_OTLP_HEADERS: headers };
  expect(read(env).said).toEqual([]);
  expect(env).toEqual({ OTEL_EXPORTER_OTLP_HEADERS: headers });
});

test("a wrong or an empty value is taken out of the environment, a good one stays without spaces around it", () => {
  const env = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "ftp://collector.example",
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "  ",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.example:4318 ",
    HOME: " as it was ",
  };
  read(env);
  expect(env).toEqual({
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.example:4318",
    HOME: " as it was ",
  });
});

test("every option has a name, a default and a sentence about it", () => {
  for (const option of options()) expect(option.about).toMatch(/^[A-Z`].*\.$/);
  expect(new Set(options().map(({ name }) => name)).size).toBe(options().length);
});

function files(content: Record<string, string>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "assay-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(content)) writeFileSync(join(folder, name), text);
  return (name) => join(folder, name);
}

test("files of the connection to the Collector are good when they are there and in PEM", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const path = files({
    "bundle.pem": `Two authorities\n${rootCertificates.slice(0, 2).join("\n")}\n`,
    "cert.pem": `${rootCertificates[0]}\n`,
    "key.pem": privateKey.export({ type: "pkcs8", format: "pem" }),
  });
  const { said, config } = read({
    OTEL_EXPORTER_OTLP_CERTIFICATE: path("bundle.pem"),
    OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: path("cert.pem"),
    OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: path("key.pem"),
  });
  expect({ said, exporter: config.tracesExporter }).toEqual({ said: [], exporter: ["otlp"] });
});

test.each(["CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"])(
  "a %s that is not there, is a folder or is no PEM is told once, and its signals stay in the process",
  (setting) => {
    const path = files({ "text.pem": "not in PEM" });
    const wrong = [path("absent.pem"), path("."), path("text.pem")];
    const results = wrong.map((value) =>
      read({
        [`OTEL_EXPORTER_OTLP_TRACES_${setting}`]: value,
        OTEL_TRACES_EXPORTER: "otlp,console",
      }),
    );
    expect(results.map(({ said }) => said)).toEqual(
      wrong.map((value) => [
        `OTEL_EXPORTER_OTLP_TRACES_${setting} is ${JSON.stringify(value)}; use the path of a file in PEM that this process can read. Nothing that it is for goes out by OTLP until then.`,
      ]),
    );
    for (const { config } of results) {
      expect(config).toMatchObject({ tracesExporter: ["console"], logsExporter: ["otlp"] });
    }
  },
);

test("a wrong file for all signals stops OTLP of all", () => {
  expect(read({ OTEL_EXPORTER_OTLP_CERTIFICATE: "/absent.pem" }).config).toMatchObject({
    tracesExporter: [],
    metricsExporter: [],
    logsExporter: [],
  });
});
