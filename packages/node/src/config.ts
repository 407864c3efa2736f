import type { PseudonymKey } from "@assay/redaction";
import { BOUNDARY_VARIABLES, boundaryOf, type BoundaryConfig } from "./boundary-variables.ts";
import type { FromFile } from "./declared.ts";
import { keysOf } from "./key-variable.ts";
import { consoleLogs, startLine } from "./own-variables.ts";
import {
  PROMETHEUS_VARIABLES,
  type PrometheusConfig,
  prometheusProblem,
} from "./prometheus-variables.ts";
import { SPOOL_VARIABLES, spoolTrouble } from "./spool-variables.ts";
import { TLS_VARIABLES } from "./tls-variables.ts";
import { instrumentations, limit, UPSTREAM_VARIABLES } from "./upstream-variables.ts";
import {
  boolean,
  dsn,
  listOf,
  oneOf,
  POSITIVE,
  ratio,
  readVariable,
  type Variable,
} from "./variable.ts";

const EXPORTER = { traces: ["otlp", "console", "none"], logs: ["otlp", "console", "none"] };
const METRIC_EXPORTERS = ["otlp", "prometheus", "console", "none"];
const PROTOCOLS = ["http/json", "http/protobuf"];
const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
];
const LOG_LEVELS = ["NONE", "ERROR", "WARN", "INFO", "DEBUG", "VERBOSE", "ALL"];
const PROPAGATORS = ["tracecontext", "baggage", "sentry", "none"];

function positive(name: string, fallback: number, about: string): Variable<number> {
  return { name, ...POSITIVE, fallback, about };
}

function protocol(
  name: string,
  { fallback = "", about = "The same, for one signal." } = {},
): Variable<string> {
  const expected = "http/json or http/protobuf; Assay sends no gRPC";
  return { name, parse: oneOf(PROTOCOLS), fallback, expected, about };
}

/** What the process runs with; every value is valid. */
export interface Config extends BoundaryConfig, PrometheusConfig {
  disabled: boolean;
  tracesExporter: string[];
  metricsExporter: string[];
  logsExporter: string[];
  protocol: string;
  tracesProtocol: string;
  metricsProtocol: string;
  logsProtocol: string;
  sampler: string;
  samplerRatio: number;
  propagators: string[];
  enabledInstrumentations: string[];
  disabledInstrumentations: string[];
  spanQueue: number;
  spanBatch: number;
  spanDelay: number;
  logQueue: number;
  logBatch: number;
  logDelay: number;
  metricInterval: number;
  attributeCount: number;
  logAttributeCount: number;
  valueLength: number;
  logLevel: string;
  sentryDsn: string;
  sentryEnvironment: string;
  pseudonymKeys: readonly PseudonymKey[];
  spoolDir: string;
  spoolKeys: readonly PseudonymKey[];
  spoolBytes: number;
  consoleLogs: string;
  startLine: boolean;
  /** What OTEL_CONFIG_FILE says; no row, it stands for the rows. */
  file?: FromFile;
}

/** What Assay itself reads. */
const VARIABLES: { [Name in keyof Omit<Config, "boundary">]: Variable<Config[Name]> } = {
  disabled: {
    name: "OTEL_SDK_DISABLED",
    parse: boolean,
    fallback: false,
    expected: "true or false",
    about: "`true` loads nothing.",
  },
  tracesExporter: {
    name: "OTEL_TRACES_EXPORTER",
    parse: listOf(EXPORTER.traces),
    fallback: ["otlp"],
    expected: "a list of otlp and console, or none",
    about: "Where spans go.",
  },
  metricsExporter: {
    name: "OTEL_METRICS_EXPORTER",
    parse: listOf(METRIC_EXPORTERS),
    fallback: ["otlp"],
    expected: "a list of otlp, prometheus and console, or none",
    about: "Where metrics go; `prometheus` serves `/metrics`.",
  },
  logsExporter: {
    name: "OTEL_LOGS_EXPORTER",
    parse: listOf(EXPORTER.logs),
    fallback: ["otlp"],
    expected: "a list of otlp and console, or none",
    about: "Where log records go.",
  },
  protocol: protocol("OTEL_EXPORTER_OTLP_PROTOCOL", {
    fallback: "http/json",
    about: "Encoding of OTLP over HTTP.",
  }),
  tracesProtocol: protocol("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"),
  metricsProtocol: protocol("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"),
  logsProtocol: protocol("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"),
  sampler: {
    name: "OTEL_TRACES_SAMPLER",
    parse: oneOf(SAMPLERS),
    fallback: "parentbased_always_on",
    expected: SAMPLERS.join(", "),
    about: "Head sampler; the Collector samples tails.",
  },
  samplerRatio: {
    name: "OTEL_TRACES_SAMPLER_ARG",
    parse: ratio,
    fallback: 1,
    expected: "a number from 0 to 1",
    about: "Share of traces that a `traceidratio` sampler keeps.",
  },
  propagators: {
    name: "OTEL_PROPAGATORS",
    parse: listOf(PROPAGATORS),
    fallback: ["tracecontext", "baggage", "sentry"],
    expected: "a list of tracecontext, baggage and sentry, or none",
    about: "`sentry` reads `sentry-trace` where there is no `traceparent`; it writes nothing.",
  },
  enabledInstrumentations: instrumentations(
    "OTEL_NODE_ENABLED_INSTRUMENTATIONS",
    "Instrumentations to use, and no other, by upstream's names; all but the noisy ones otherwise.",
  ),
  disabledInstrumentations: instrumentations(
    "OTEL_NODE_DISABLED_INSTRUMENTATIONS",
    "Instrumentations not to use.",
  ),
  spanQueue: positive(
    "OTEL_BSP_MAX_QUEUE_SIZE",
    65_536,
    "Finished spans held until the Collector acknowledges them.",
  ),
  spanBatch: positive("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512, "Spans in one request."),
  spanDelay: positive("OTEL_BSP_SCHEDULE_DELAY", 1_000, "Milliseconds before a batch is sent."),
  logQueue: positive(
    "OTEL_BLRP_MAX_QUEUE_SIZE",
    65_536,
    "Log records held until the Collector acknowledges them.",
  ),
  logBatch: positive("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", 512, "Log records in one request."),
  logDelay: positive("OTEL_BLRP_SCHEDULE_DELAY", 1_000, "Milliseconds before a batch is sent."),
  metricInterval: positive(
    "OTEL_METRIC_EXPORT_INTERVAL",
    60_000,
    "Milliseconds between two exports of metrics.",
  ),
  attributeCount: limit("OTEL_ATTRIBUTE_COUNT_LIMIT", "Attributes kept of a span or log record."),
  logAttributeCount: limit(
    "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
    "The same, for log records only.",
    Number.POSITIVE_INFINITY,
  ),
  valueLength: positive(
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    Number.POSITIVE_INFINITY,
    "Characters kept of a value; it is cut after redaction, never before.",
  ),
  logLevel: {
    name: "OTEL_LOG_LEVEL",
    parse: (text) => oneOf(LOG_LEVELS)(text.toUpperCase()),
    fallback: "WARN",
    expected: LOG_LEVELS.join(", "),
    about: "How much OpenTelemetry says of itself on stderr; redacted like all else.",
  },
  sentryDsn: {
    name: "SENTRY_DSN",
    parse: dsn,
    fallback: "",
    expected: "a DSN such as https://PUBLIC_KEY@HOST/PROJECT_ID",
    secret: true,
    about: "Sends errors to Sentry from the process; without it the Collector's error route does.",
  },
  sentryEnvironment: {
    name: "SENTRY_ENVIRONMENT",
    parse: (text) => (/^[^\s/]{1,64}$/.test(text) ? text : undefined),
    fallback: "",
    expected: "up to 64 characters without spaces and slashes",
    about: "Environment on errors; `deployment.environment.name` of the resource otherwise.",
  },
  pseudonymKeys: {
    name: "ASSAY_PSEUDONYM_KEYS_FILE",
    parse: keysOf,
    fallback: [],
    expected: "the path of a file with lines of id=base64, each key of 32 bytes or more",
    otherwise: "Markers stand in place of pseudonyms until then.",
    about: "Keys of pseudonyms, the newest first; without it markers stand in their place.",
  },
  consoleLogs,
  startLine,
  ...BOUNDARY_VARIABLES,
  ...PROMETHEUS_VARIABLES,
  ...SPOOL_VARIABLES,
};

const CONFIG_FILE: Variable<string> = {
  name: "OTEL_CONFIG_FILE",
  parse: (text) => text,
  fallback: "",
  expected: "the path of a file in YAML",
  about:
    "A file of OpenTelemetry's declarative configuration; it stands in place of all other `OTEL_*` variables.",
};

/** Every variable, in the order of the README's options table. */
export function allVariables(): Variable<unknown>[] {
  return [
    ...UPSTREAM_VARIABLES,
    ...TLS_VARIABLES,
    CONFIG_FILE,
    ...(Object.values(VARIABLES) as Variable<unknown>[]),
  ];
}

/**
 * Reads the configuration from `env`, and leaves in it only values that are valid.
 *
 * Never throws: a wrong value is told to `say` in one sentence and its default is used. It is also taken out of `env`:
 * parts of OpenTelemetry that read the environment by themselves, and child processes, must neither use it nor tell it
 * again. With OTEL_CONFIG_FILE the file stands in place of the OTEL_* variables, which stay as they are.
 */
export function readConfig(
  env: NodeJS.ProcessEnv,
  say: (sentence: string) => void,
  load: () => typeof import("./config-file.ts") = loadConfigFile,
): Config {
  const path = readVariable(CONFIG_FILE, env, say);
  if (path === "") return read(env, say);
  const file = load().readConfigFile(path, { env, variables: allVariables(), say });
  return { ...read(file.env, say, file.places), file };
}

// With it come a parser of YAML and the schema.
const loadConfigFile = (): typeof import("./config-file.ts") => require("./config-file");

function read(
  env: NodeJS.ProcessEnv,
  say: (sentence: string) => void,
  places?: Readonly<Record<string, string>>,
): Config {
  const trouble = spoolTrouble(env);
  for (const variable of UPSTREAM_VARIABLES) readVariable(variable, env, say, places);
  const wrong = new Set<string>();
  const entries = Object.entries(VARIABLES).map(([key, variable]) => {
    const tell = (sentence: string): void => {
      wrong.add(key);
      say(sentence);
    };
    return [key, readVariable(variable as Variable<unknown>, env, tell, places)];
  });
  const config = Object.fromEntries(entries) as Config;
  config.boundary = boundaryOf(config, say);
  const problem = prometheusProblem(config, wrong);
  if (problem !== undefined) {
    if (problem !== "") say(problem);
    config.metricsExporter = config.metricsExporter.filter((kind) => kind !== "prometheus");
  }
  for (const variable of TLS_VARIABLES) {
    const stop = (sentence: string): void => {
      say(sentence);
      stopOtlp(config, variable.name);
    };
    readVariable(variable, env, stop, places);
  }
  if (trouble !== undefined) say(trouble);
  if (config.spoolKeys.length === 0) config.spoolDir = "";
  return config;
}

function stopOtlp(config: Config, name: string): void {
  for (const signal of ["traces", "metrics", "logs"] as const) {
    const [, only = signal] = /OTLP_(TRACES|METRICS|LOGS)_/.exec(name) ?? [];
    if (only.toLowerCase() !== signal) continue;
    const exporter = `${signal}Exporter` as const;
    config[exporter] = config[exporter].filter((kind) => kind !== "otlp");
  }
}
