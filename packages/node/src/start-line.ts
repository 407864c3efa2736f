import { isMainThread } from "node:worker_threads";
import type { Config } from "./config.ts";
import { type Seen, seen } from "./seen.ts";
import { writeLine } from "./stderr.ts";

/** What the process does with its telemetry. */
export interface StartFacts {
  instrumented: string[];
  uninstrumented: string[];
  early: string[];
  traces: string[];
  metrics: string[];
  logs: string[];
  redaction: true;
  /** Ids of the keys of pseudonyms, the newest first; never a key. */
  pseudonymKeys: string[];
}

/** By then most applications have loaded what they use; one that ends before has nothing to say. */
const AFTER_MS = 1_000;
const FACTS = Symbol.for("assay.node.facts");

/**
 * Says in one line on stderr, shortly after the start, what is instrumented and where the telemetry goes.
 *
 * It is made of our own words, names of packages that we list, hosts and ids of keys, so that the redaction engine need
 * not be loaded for it. Threads are silent: they do as the process does.
 */
export function sayStart(config: Config, env: NodeJS.ProcessEnv): void {
  const endpoints = { ...env }; // the application may change its environment
  const facts = (): StartFacts => factsOf(config, endpoints, seen);
  (globalThis as { [FACTS]?: () => StartFacts })[FACTS] = facts;
  if (!config.startLine || !isMainThread) return;
  setTimeout(() => writeLine(`ASSAY_START: ${lineOf(facts())}`), AFTER_MS).unref();
}

/** Gives what the process does, as it is known now. */
export function factsOf(
  config: Config,
  env: NodeJS.ProcessEnv,
  { instrumented, uninstrumented, early }: Seen,
): StartFacts {
  const metrics = `${config.prometheusHost}:${config.prometheusPort}/metrics`;
  const placesOf = (signal: string, exporters: readonly string[]): string[] =>
    exporters
      .filter((exporter) => exporter !== "none")
      .map((exporter) => {
        if (exporter === "otlp") return originOf(env, signal);
        return exporter === "prometheus" ? metrics : exporter;
      });
  return {
    instrumented: [...instrumented].toSorted(),
    uninstrumented: [...uninstrumented].toSorted(),
    early: [...early].toSorted(),
    traces: placesOf("TRACES", config.tracesExporter),
    metrics: placesOf("METRICS", config.metricsExporter),
    logs: placesOf("LOGS", config.logsExporter),
    redaction: true,
    pseudonymKeys: config.pseudonymKeys.map(({ id }) => id),
  };
}

// Without path, query and credentials, which a URL may hold.
function originOf(env: NodeJS.ProcessEnv, signal: string): string {
  const url =
    env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] ??
    env["OTEL_EXPORTER_OTLP_ENDPOINT"] ??
    "http://localhost:4318";
  return URL.parse(url)?.origin ?? "nowhere";
}

/** Gives the facts as a sentence. */
export function lineOf(facts: StartFacts): string {
  const list = (names: readonly string[], none: string): string =>
    names.length === 0 ? none : names.join(", ");
  const { uninstrumented, early, pseudonymKeys } = facts;
  return [
    `instrumented: ${list(facts.instrumented, "nothing yet")}`,
    ...(uninstrumented.length === 0 ? [] : [`seen, not instrumented: ${list(uninstrumented, "")}`]),
    ...(early.length === 0 ? [] : [`loaded before Assay, not instrumented: ${list(early, "")}`]),
    `traces to ${list(facts.traces, "nobody")}`,
    `metrics to ${list(facts.metrics, "nobody")}`,
    `logs to ${list(facts.logs, "nobody")}`,
    "redaction on",
    `pseudonym keys: ${list(pseudonymKeys, "none, markers stand in their place")}.`,
  ].join("; ");
}
