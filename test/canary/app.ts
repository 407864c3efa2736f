import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../support/folder.ts";
import { type Service, spawnService } from "../support/process.ts";
import type { Canary } from "./mint.ts";

export interface AppOptions {
  /** What `--require` loads. */
  preload: "@assay/node/register" | "@opentelemetry/auto-instrumentations-node/register";
  canaries: readonly Canary[];
  /** Where OTLP goes. */
  otlpUrl: string;
  databaseUrl: string;
  /** What the application calls: a service of ours, which may have the trace and some baggage. */
  peerUrl: string;
  /** The payment provider, which may have nothing. */
  deniedUrl?: string;
  sentryDsn?: string;
  /** Port of `/metrics`. */
  metricsPort: number;
}

/** The planting application while it serves. */
export interface App extends Service {
  fastifyUrl: string;
  expressUrl: string;
  metricsUrl: string;
}

/**
 * Starts the planting application under a preload and waits until all that it plants by itself is planted.
 *
 * The environment carries canaries too: in the resource, and as wrong values of variables.
 */
export async function startApp(options: AppOptions): Promise<App> {
  await using cleanUp = new AsyncDisposableStack();
  const { preload, canaries, otlpUrl, databaseUrl, peerUrl, deniedUrl, sentryDsn, metricsPort } =
    options;
  const folder = cleanUp.use(await temporaryFolder("canary")).path;
  const plan = join(folder, "plan.json");
  await writeFile(plan, JSON.stringify({ canaries, databaseUrl, peerUrl, deniedUrl }));

  const service = cleanUp.use(
    await spawnService({
      name: `The planting application under ${preload}`,
      command: process.execPath,
      args: ["--require", preload, join(import.meta.dirname, "plant-app.cjs"), plan],
      cwd: import.meta.dirname,
      env: {
        ...wrongValues(canaries),
        NODE_OPTIONS: undefined,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
        OTEL_METRIC_EXPORT_INTERVAL: "1000",
        OTEL_METRICS_EXPORTER: "otlp,prometheus,console",
        OTEL_LOGS_EXPORTER: "otlp,console",
        OTEL_TRACES_EXPORTER: "otlp,console",
        OTEL_LOG_LEVEL: "debug",
        OTEL_RESOURCE_ATTRIBUTES: resource(canaries),
        ASSAY_PROPAGATE_TO: propagateTo(canaries, peerUrl, deniedUrl),
        SENTRY_DSN: sentryDsn,
      },
      ready: /^planted; serving .*$/m,
    }),
  );
  const line = /^planted; serving (.*)$/m.exec(service.output())?.[1] ?? "{}";
  const urls = JSON.parse(line) as { fastify: string; express: string };
  const owned = cleanUp.move();
  return Object.assign(service, {
    fastifyUrl: urls.fastify,
    expressUrl: urls.express,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}

// Each is answered with one sentence on stderr that repeats the value.
const WRONG = [
  "OTEL_TRACES_SAMPLER_ARG",
  "OTEL_BSP_SCHEDULE_DELAY",
  "OTEL_BSP_MAX_QUEUE_SIZE",
  "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
  "OTEL_BLRP_SCHEDULE_DELAY",
  "OTEL_BLRP_MAX_QUEUE_SIZE",
  "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
  "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
  "SENTRY_ENVIRONMENT",
] as const;

function wrongValues(canaries: readonly Canary[]): Record<string, string> {
  const planted = canaries.filter(({ surface }) => surface === "diagnostic_setting");
  return Object.fromEntries(planted.map(({ text }, index) => [WRONG[index]!, text]));
}

// Every key that is planted is allowed: what does not leave stays for its own sake.
function propagateTo(canaries: readonly Canary[], peerUrl: string, deniedUrl?: string): string {
  const keys = canaries.flatMap(({ surface, kind, secret }) =>
    surface === "baggage_key" ? [secret] : surface.startsWith("baggage") ? [kind] : [],
  );
  const baggage = [...new Set([...keys, "note", "said", "described"])].map(
    (key) => `+baggage.${key}`,
  );
  const denied = deniedUrl === undefined ? "" : `,!${new URL(deniedUrl).host}`;
  return `${new URL(peerUrl).host}=trace${baggage.join("")}${denied}`;
}

function resource(canaries: readonly Canary[]): string {
  const pairs = canaries.flatMap(({ surface, marker, text, key, secret }): [string, string][] => {
    switch (surface) {
      case "resource_value":
        return [[`canary.${marker}`, text]];
      case "resource_key":
        return [[text, "on"]];
      case "resource_named":
        return [
          [key, secret],
          [`canary.${marker}`, "on"],
        ];
      case "service_name":
        return [["service.name", text]];
      case "service_version":
        return [["service.version", `${secret}:${marker}`]];
      case "environment":
        return [["deployment.environment.name", `${secret}:${marker}`]];
      default:
        return [];
    }
  });
  return pairs.map((pair) => pair.map((part) => encodeURIComponent(part)).join("=")).join(",");
}
