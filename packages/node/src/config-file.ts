import type { ConfigurationModel } from "@opentelemetry/configuration";
import { CATALOGUE } from "./catalogue.ts";
import type { Declared, FromFile } from "./declared.ts";
import { isPlain, keyOf, OWN_BLOCK } from "./declarative-keys.ts";
import { touchAll } from "./file-exporter.ts";
import { readInstrumentation } from "./file-instrumentation.ts";
import { readMetrics } from "./file-metrics.ts";
import { readModel } from "./file-model.ts";
import { readProcessors } from "./file-processors.ts";
import { readPropagators, readResource } from "./file-resource.ts";
import { readSampler } from "./file-sampler.ts";
import type { Variable } from "./variable.ts";
import { watch } from "./watched.ts";

/** A value as the file has it. */
export type Value = string | number | boolean | readonly unknown[] | null | undefined;

/** What the parts of the reader do with what they find. */
export interface FileReader {
  /** Has `value` stand for a variable; null and undefined are no values. */
  set(variable: string, value: Value, at: string): void;
  /** Gives what a variable takes, and what is to be written otherwise. */
  variable: (name: string) => Pick<Variable<unknown>, "expected"> & {
    parse: (text: string) => unknown;
  };
  /** Tells something that does not keep the rest from being exported; the sentence goes on from the place. */
  warn(at: string, sentence: string): void;
  /** Tells something that does. */
  refuse(at: string, sentence: string): void;
  declared: Declared;
}

export interface ConfigFileOptions {
  env: NodeJS.ProcessEnv;
  variables: readonly Variable<unknown>[];
  say: (sentence: string) => void;
}

const LEVELS = { trace: "VERBOSE", debug: "DEBUG", info: "INFO", warn: "WARN", error: "ERROR" };

/**
 * Reads OTEL_CONFIG_FILE into the variables that it stands for, and what no variable could say.
 *
 * Never throws. A key that is not honoured is told by its path. A file that cannot be used, and what would be less safe
 * than it was asked for, stops all export.
 */
export function readConfigFile(path: string, options: ConfigFileOptions): FromFile {
  const { env, variables, say } = options;
  const declared: Declared = {
    resource: { attributes: {} },
    views: [],
    readers: {},
    instrumentations: {},
    valueLengths: {},
    queryParameters: [],
  };
  const read = readModel(path);
  if ("wrong" in read) {
    const use = "use a file of OpenTelemetry's declarative configuration";
    say(
      `OTEL_CONFIG_FILE is ${JSON.stringify(path)}; ${read.wrong}; ${use}. Nothing is exported until then.`,
    );
    return nothing(declared);
  }
  const values: Record<string, string> = {};
  const places: Record<string, string> = {};
  let isRefused = false;
  const of = ` of ${path}`;
  const file: FileReader = {
    set(variable, value, at) {
      if (value === null || value === undefined) return;
      values[variable] = Array.isArray(value) ? value.join(",") : String(value);
      places[variable] = `${at}${of}`;
    },
    variable: (name) => variables.find((variable) => variable.name === name)!,
    warn: (at, sentence) => say(`${at}${of} ${sentence}`),
    refuse(at, sentence) {
      isRefused = true;
      say(`${at}${of} ${sentence} Nothing is exported until then.`);
    },
    declared,
  };
  const { model, untouched } = watch(read.model);
  if (read.newer !== undefined) {
    say(
      `file_format${of} is "${read.newer}"; Assay knows 1.0 and 1.1, and uses what it knows of it.`,
    );
  }
  readPlain(model, variables, file);
  if (values["OTEL_SDK_DISABLED"] === "true") return { env: values, places, declared };
  const level = /^[a-z]+/.exec(model.log_level ?? "")?.[0] ?? "";
  file.set(
    "OTEL_LOG_LEVEL",
    LEVELS[level as keyof typeof LEVELS] ?? (level && "ERROR"),
    "log_level",
  );
  readPropagators(model.propagator, file);
  readResource(model.resource, file);
  readProcessors(model.tracer_provider, "TRACES", file);
  readProcessors(model.logger_provider, "LOGS", file);
  readMetrics(model.meter_provider, file);
  const sampler = model.tracer_provider?.sampler;
  if (sampler !== undefined) {
    const made = readSampler(sampler);
    if (made !== undefined) declared.sampler = made;
  }
  readInstrumentation(model["instrumentation/development"], file);
  for (const at of untouched()) {
    if (isOthers(at)) continue;
    if (at.startsWith(`${OWN_BLOCK}.`)) {
      const known = variables
        .map(({ name }) => keyOf(name))
        .filter((key) => key.startsWith(OWN_BLOCK));
      file.refuse(at, `is not known; use one of ${known.join(", ")}.`);
    } else file.warn(at, `is not honoured by Assay; take it out.`);
  }
  if (isRefused) return nothing(declared);
  return { env: { ...withoutStandard(env), ...values }, places, declared };
}

// What has one place in the file, Assay's own block included.
function readPlain(
  model: ConfigurationModel,
  variables: readonly Variable<unknown>[],
  file: FileReader,
): void {
  for (const { name } of variables) {
    if (!isPlain(name)) continue;
    const key = keyOf(name);
    const value = key
      .split(".")
      .reduce<unknown>(
        (part, step) => (part as Record<string, unknown> | undefined)?.[step],
        model,
      );
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      touchAll(value);
      file.refuse(key, `has keys of its own; use a text, a number or a list.`);
    } else file.set(name, value as Value, key);
  }
}

// Blocks for other languages and other distributions.
function isOthers(at: string): boolean {
  const isLanguage = /^instrumentation\/development\.(?!js\b|general\b)/.test(at);
  return isLanguage || /^distribution\.(?!assay\b)/.test(at);
}

/**
 * The variables of Assay and of Sentry count beside the file: to ignore one would be to send more than was allowed, and
 * credentials belong in the environment.
 */
function withoutStandard(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("OTEL_")));
}

// The gate stays where it is: an application's own Sentry still goes through it.
function nothing(declared: Declared): FromFile {
  const env = {
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_PROPAGATORS: "none",
    OTEL_NODE_DISABLED_INSTRUMENTATIONS: Object.keys(CATALOGUE).join(","),
  };
  return { env, places: {}, declared: { ...declared, instrumentations: {} } };
}
