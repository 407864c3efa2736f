import { parseKeyPairsIntoRecord } from "@opentelemetry/core";

/** The signals by the names that variables have for them. */
export type SignalName = "TRACES" | "METRICS" | "LOGS";

/** Where OTLP of one signal goes, and how. */
export interface OtlpTarget {
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
  compression: "gzip" | "none";
}

/**
 * Reads OTEL_EXPORTER_OTLP_* as OpenTelemetry's specification has it, from values that config.ts has checked.
 *
 * Upstream's exporters read the process's environment alone; these may also come from a configuration file, which must
 * then not get the headers of the environment as well.
 */
export function otlpTarget(signal: SignalName, env: NodeJS.ProcessEnv): OtlpTarget {
  const all = (setting: string): string | undefined => env[`OTEL_EXPORTER_OTLP_${setting}`];
  const own = (setting: string): string | undefined => all(`${signal}_${setting}`);
  const first = (setting: string): string | undefined => own(setting) ?? all(setting);
  const base = all("ENDPOINT") ?? "http://localhost:4318";
  const slash = base.endsWith("/") ? "" : "/";
  return {
    url: new URL(own("ENDPOINT") ?? `${base}${slash}v1/${signal.toLowerCase()}`).href,
    headers: {
      ...parseKeyPairsIntoRecord(all("HEADERS")),
      ...parseKeyPairsIntoRecord(own("HEADERS")),
    },
    timeoutMs: Number(first("TIMEOUT") ?? 10_000),
    compression: first("COMPRESSION") === "gzip" ? "gzip" : "none",
  };
}
