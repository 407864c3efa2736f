import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication, startApplication } from "./application.ts";

test.each([
  ["OTEL_TRACES_SAMPLER_ARG", "1.5", "use a number from 0 to 1"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "use http/json or http/protobuf"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "use an http:// or https:// URL"],
  ["OTEL_PROPAGATORS", "jaeger", "use a list of tracecontext, baggage and sentry"],
])("%s=%s is one sentence on stderr and the application runs", async (name, value, told) => {
  await using receiver = await startOtlpReceiver();
  const { code, output } = await runApplication({
    file: "app.cjs",
    args: ["fastify"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      [name]: value,
    },
  });
  expect(code).toBe(0);
  expect(output.trim().split("\n")).toEqual([
    expect.stringContaining(`ASSAY_CONFIG: ${name} is ${JSON.stringify(value)}; ${told}`),
  ]);
});

test.each([["OTEL_TRACES_SAMPLER"], ["OTEL_TRACES_SAMPLER_ARG"]])(
  "a wrong %s is told once, and not a second time by OpenTelemetry itself",
  async (name) => {
    await using receiver = await startOtlpReceiver();
    const { code, output } = await runApplication({
      file: "app.cjs",
      args: ["fastify"],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
        [name]: "1.5",
      },
    });
    expect({ code, lines: output.trim().split("\n") }).toEqual({
      code: 0,
      lines: [expect.stringContaining(`ASSAY_CONFIG: ${name} is "1.5"; use `)],
    });
    expect(receiver.spans()).toHaveLength(2);
  },
);

test.each(["normal", "exit"])(
  "a rejected endpoint of one signal is used by nobody: at a(n) %s end its spans go to that of all",
  async (end) => {
    await using receiver = await startOtlpReceiver();
    const { output } = await runApplication({
      file: "ends.cjs",
      args: [end],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: ` ${receiver.url} `,
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "ftp://127.0.0.1:1/v1/traces",
      },
    });
    expect(output.match(/^.*TRACES_ENDPOINT.*$/gm)).toEqual([
      expect.stringContaining(
        'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is "ftp://127.0.0.1:1/v1/traces"; use an http:// or',
      ),
    ]);
    expect(receiver.spans()).toHaveLength(1);
  },
);

test("a certificate that is not there is one sentence; nothing goes out and the application runs", async () => {
  await using receiver = await startOtlpReceiver();
  const { code, output } = await runApplication({
    file: "ends.cjs",
    args: ["normal"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_CERTIFICATE: "absent.pem",
    },
  });
  expect({ code, output: output.trim(), requests: receiver.requests }).toEqual({
    code: 0,
    output:
      'ASSAY_CONFIG: OTEL_EXPORTER_OTLP_CERTIFICATE is "absent.pem"; use the path of a file in PEM that this process can read. Nothing that it is for goes out by OTLP until then.',
    requests: [],
  });
});

test("a wrong SENTRY_DSN is one sentence without the value and the application runs", async () => {
  const { code, output } = await runApplication({
    file: "app.cjs",
    args: ["fastify"],
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      SENTRY_DSN: "https://Sup3rS3cret.example",
    },
  });
  expect({ code, output: output.trim() }).toEqual({
    code: 0,
    output:
      "ASSAY_CONFIG: SENTRY_DSN is not valid (value not shown); use a DSN such as https://PUBLIC_KEY@HOST/PROJECT_ID. It is ignored.",
  });
});

test("OTEL_SDK_DISABLED=true sends nothing and says nothing", async () => {
  await using receiver = await startOtlpReceiver();
  const { code, output } = await runApplication({
    file: "app.cjs",
    args: ["fastify"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SDK_DISABLED: "true" },
  });
  expect({ code, output, requests: receiver.requests.length }).toEqual({
    code: 0,
    output: "",
    requests: 0,
  });
});

test("OTEL_SDK_DISABLED=true loads nothing but the preload's first file", async () => {
  const { output } = await runApplication({
    file: "loaded.cjs",
    env: { OTEL_SDK_DISABLED: " True", OTEL_TRACES_SAMPLER_ARG: "1.5" },
  });
  const loaded = JSON.parse(output) as string[];
  expect(loaded.map((file) => file.split("/").at(-1))).toEqual(["register.js"]);
});

test("an application of no lines loads the preload's four files and no more", async () => {
  const { output } = await runApplication({ file: "loaded.cjs" });
  const loaded = JSON.parse(output) as string[];
  expect(loaded.map((file) => file.split("/").at(-1))).toEqual([
    "register.js",
    "start.js",
    "core.js",
    "rolldown-runtime.js",
  ]);
});

test("OTEL_CONFIG_FILE adds no exporter", async () => {
  await using receiver = await startOtlpReceiver();
  await using other = await startOtlpReceiver();
  const { output } = await runApplication({
    file: "app.cjs",
    args: ["fastify"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_CONFIG_FILE: "otel.yaml" },
  });
  expect(output).toContain(
    'ASSAY_CONFIG: OTEL_CONFIG_FILE is "otel.yaml"; Assay reads no configuration file',
  );
  expect(receiver.spans()).toHaveLength(2);
  expect(other.requests).toEqual([]);
});

test("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT cuts after redaction: half a card number never leaves", async () => {
  await using receiver = await startOtlpReceiver();
  await runApplication({
    file: "limits.cjs",
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "20",
    },
  });
  const sent = Buffer.concat(receiver.requests.map(({ bytes }) => bytes)).toString();
  expect(receiver.spans()).toHaveLength(1);
  expect(receiver.logs()).toHaveLength(1);
  expect(sent).not.toContain("41111111111");
  for (const value of [
    receiver.spans()[0]?.attributes["note"],
    receiver.logs()[0]?.attributes["note"],
  ]) {
    expect(String(value)).toHaveLength(20);
  }
});

test.each([
  { env: { OTEL_ATTRIBUTE_COUNT_LIMIT: "0" }, kept: { span: 0, log: 0 } },
  { env: { OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "0" }, kept: { span: 1, log: 0 } },
  { env: { OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "0" }, kept: { span: 0, log: 1 } },
])("$env holds for spans and log records as OpenTelemetry has it", async ({ env, kept }) => {
  await using receiver = await startOtlpReceiver();
  await runApplication({
    file: "limits.cjs",
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
      ...env,
    },
  });
  const count = (item: { attributes: object } | undefined): number =>
    Object.keys(item?.attributes ?? { missing: 1, item: 2 }).length;
  expect({ span: count(receiver.spans()[0]), log: count(receiver.logs()[0]) }).toEqual(kept);
});

test("OTEL_EXPORTER_OTLP_HEADERS reach the Collector, also when the process exits", async () => {
  await using receiver = await startOtlpReceiver();
  await runApplication({
    file: "ends.cjs",
    args: ["exit"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=bank",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    },
  });
  expect(receiver.spans()).toHaveLength(1);
  expect(receiver.requests.map(({ headers }) => headers["x-tenant"])).toEqual(
    receiver.requests.map(() => "bank"),
  );
});

test("OTEL_METRICS_EXPORTER=prometheus serves gated text on loopback, with units in the names", async () => {
  await using application = await startApplication({
    file: "metrics.cjs",
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
    },
    ready: /metrics is served at/,
  });
  const url = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(application.output())?.[0] ?? "";
  await (await fetch(url)).text();
  const text = await (await fetch(url)).text();
  // It does not count the requests for itself.
  expect(text).not.toContain("http_server_request_duration");
  expect(text).toContain('shop_orders_total{rail="mpesa"} 2');
  expect(text).toContain("shop_wait_seconds_count 1");
  expect(text).not.toContain("bank.example");
});

test("a port in use is one sentence that names it, and the application runs", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, "127.0.0.1", resolve);
  });
  const { port } = taken.address() as AddressInfo;
  const { code, output } = await runApplication({
    file: "app.cjs",
    args: ["fastify"],
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    },
  });
  taken.close();
  expect({ code, output: output.trim() }).toEqual({
    code: 0,
    output: `ASSAY_EXPORT: port ${port} on 127.0.0.1 is in use, so /metrics is not served; set OTEL_EXPORTER_PROMETHEUS_PORT to a free port, or 0 for any.`,
  });
});
