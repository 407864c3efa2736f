import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";

const SECRET = "Sup3rS3cret";
const COUNT = ["none", "use a whole number"] as const;
const INSTRUMENTATIONS = ["http,htpp", "use a list of amqplib, "] as const;

/** A wrong value of every variable, and what is to be written. */
const WRONG: Record<string, readonly [value: string, told: string]> = {
  ...ofExporters("ENDPOINT", "ftp://collector.example", "use an http:// or https:// URL"),
  ...ofExporters("HEADERS", SECRET, "use name=value pairs"),
  ...ofExporters("TIMEOUT", "1e3", "use a whole number greater than 0"),
  ...ofExporters("COMPRESSION", "zstd", "use gzip or none"),
  ...ofExporters("PROTOCOL", "grpc", "use http/json or http/protobuf"),
  ...ofExporters("CERTIFICATE", "absent.pem", "use the path of a file in PEM"),
  ...ofExporters("CLIENT_CERTIFICATE", ".", "use the path of a file in PEM"),
  ...ofExporters("CLIENT_KEY", "application.ts", "use the path of a file in PEM"),
  OTEL_RESOURCE_ATTRIBUTES: ["foo", "use key=value pairs"],
  OTEL_NODE_ENABLED_INSTRUMENTATIONS: INSTRUMENTATIONS,
  OTEL_NODE_DISABLED_INSTRUMENTATIONS: INSTRUMENTATIONS,
  OTEL_ATTRIBUTE_COUNT_LIMIT: COUNT,
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: COUNT,
  OTEL_SPAN_EVENT_COUNT_LIMIT: COUNT,
  OTEL_SPAN_LINK_COUNT_LIMIT: COUNT,
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: COUNT,
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: COUNT,
  OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: COUNT,
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: COUNT,
  OTEL_BSP_MAX_QUEUE_SIZE: COUNT,
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: COUNT,
  OTEL_BSP_SCHEDULE_DELAY: COUNT,
  OTEL_BLRP_MAX_QUEUE_SIZE: COUNT,
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: COUNT,
  OTEL_BLRP_SCHEDULE_DELAY: COUNT,
  OTEL_METRIC_EXPORT_INTERVAL: COUNT,
  OTEL_SDK_DISABLED: ["yes", "use true or false"],
  OTEL_TRACES_EXPORTER: ["zipkin", "use a list of otlp and console, or none"],
  OTEL_METRICS_EXPORTER: ["statsd", "use a list of otlp, prometheus and console, or none"],
  OTEL_LOGS_EXPORTER: ["none,otlp", "use a list of otlp and console, or none"],
  OTEL_TRACES_SAMPLER: ["sometimes", "use always_on, always_off, traceidratio"],
  OTEL_TRACES_SAMPLER_ARG: ["1.5", "use a number from 0 to 1"],
  OTEL_PROPAGATORS: ["jaeger", "use a list of tracecontext, baggage and sentry"],
  OTEL_EXPORTER_PROMETHEUS_HOST: ["http://host", "use a host name or an address"],
  OTEL_EXPORTER_PROMETHEUS_PORT: ["99999", "use a port from 0 to 65535"],
  OTEL_LOG_LEVEL: ["LOUD", "use NONE, ERROR, WARN, INFO, DEBUG, VERBOSE, ALL"],
  SENTRY_DSN: [`https://${SECRET}.example`, "use a DSN such as"],
  SENTRY_ENVIRONMENT: ["live/eu", "use up to 64 characters without spaces and slashes"],
  ASSAY_PSEUDONYM_KEYS_FILE: ["/nowhere/keys", "use the path of a file with lines of id=base64"],
  ASSAY_SPOOL_DIR: ["/dev/null", "use the path of a folder that is no link"],
  ASSAY_SPOOL_KEY_FILE: ["/nowhere/keys", "use the path of a file with lines of id=base64"],
  ASSAY_SPOOL_MAX_BYTES: ["1GB", "use a whole number greater than 0"],
};

function ofExporters(
  setting: string,
  value: string,
  told: string,
): Record<string, readonly [string, string]> {
  const infixes = ["", "TRACES_", "METRICS_", "LOGS_"];
  return Object.fromEntries(
    infixes.map((infix) => [`OTEL_EXPORTER_OTLP_${infix}${setting}`, [value, told]]),
  );
}

/** Runs an application with these variables wrong; gives how it ended and, of each variable, what was said. */
async function runWrong(
  names: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; said: Record<string, string[]>; other: string[] }> {
  const wrong = Object.fromEntries(names.map((name) => [name, WRONG[name]?.[0] ?? ""]));
  const { code, output } = await runApplication({
    file: "app.cjs",
    args: ["fastify"],
    env: { ...env, ...wrong },
  });
  expect(output).not.toContain(SECRET);
  const lines = output.split("\n").filter((line) => line !== "");
  const about = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`ASSAY_CONFIG: ${name} is `));
  const said = Object.fromEntries(names.map((name) => [name, about(name)]));
  const known = new Set(Object.values(said).flat());
  return { code, said, other: lines.filter((line) => !known.has(line)) };
}

/** One sentence for each variable, nothing else, and the application has run. */
function onceEach(names: readonly string[]): Awaited<ReturnType<typeof runWrong>> {
  const said = names.map((name) => [name, [expect.stringContaining(`; ${WRONG[name]?.[1]}`)]]);
  return { code: 0, said: Object.fromEntries(said), other: [] };
}

test("every variable of the README's options table has a wrong value here", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const names = [
    ...readme.matchAll(/^\| `((?:OTEL|SENTRY)_[A-Z_<>]+|ASSAY_[A-Z]+_[A-Z_]+)` /gm),
  ].flatMap(([, name]) =>
    ["TRACES", "METRICS", "LOGS"].map((signal) => name?.replace("<SIGNAL>", signal)),
  );
  expect([...new Set(names)].toSorted()).toEqual(Object.keys(WRONG).toSorted());
});

test("with every variable wrong, each is told in one sentence and the application runs", async () => {
  const names = Object.keys(WRONG);
  expect(await runWrong(names)).toEqual(onceEach(names));
});

test("with every variable wrong but the way to the Collector, its spans arrive there", async () => {
  await using receiver = await startOtlpReceiver();
  const names = Object.keys(WRONG).filter(
    (name) => name !== "OTEL_EXPORTER_OTLP_ENDPOINT" && !/_(CERTIFICATE|CLIENT_KEY)$/.test(name),
  );
  const result = await runWrong(names, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  expect(result).toEqual(onceEach(names));
  expect(receiver.spans()).toHaveLength(2);
});

test.each([
  ["OTEL_EXPORTER_OTLP_TRACES_HEADERS"],
  ["OTEL_EXPORTER_OTLP_METRICS_TIMEOUT"],
  ["OTEL_EXPORTER_OTLP_LOGS_COMPRESSION"],
  ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"],
  ["OTEL_NODE_ENABLED_INSTRUMENTATIONS"],
  ["OTEL_ATTRIBUTE_COUNT_LIMIT"],
  ["OTEL_LOG_LEVEL"],
])("%s alone is told in one sentence, and spans arrive", async (name) => {
  await using receiver = await startOtlpReceiver();
  const result = await runWrong([name], { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  expect(result).toEqual(onceEach([name]));
  expect(receiver.spans()).toHaveLength(2);
});
