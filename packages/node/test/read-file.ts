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
