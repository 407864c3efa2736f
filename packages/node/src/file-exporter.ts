import { isAbsolute } from "node:path";
import type { OtlpHttpMetricExporterConfigModel } from "@opentelemetry/configuration";
import type { FileReader, Value } from "./config-file.ts";
import { OTLP_KEYS } from "./declarative-keys.ts";
import type { SignalName } from "./otlp-target.ts";

/** Where an exporter stands, and the limit that its processor or reader sets to one export. */
export interface ExporterPlace {
  signal: SignalName;
  at: string;
  timeout: number | null | undefined;
  timeoutAt: string;
  /** Kinds that the signal has already. */
  taken: readonly string[];
}

/**
 * Reads one exporter into the variables of its signal, and gives its kind: "otlp" or "console".
 *
 * `undefined` for one that is not used; that is told.
 */
export function readExporter(
  exporter: object,
  place: ExporterPlace,
  file: FileReader,
): string | undefined {
  const { signal, at, taken } = place;
  const [name = ""] = Object.keys(exporter);
  if (name === "otlp_grpc") {
    touchAll(exporter);
    file.refuse(`${at}.otlp_grpc`, `asks for gRPC, which Assay does not send; use otlp_http.`);
    return undefined;
  }
  const kind = name === "otlp_http" ? "otlp" : name;
  if (kind !== "otlp" && kind !== "console") return undefined;
  if (taken.includes(kind)) {
    const to = kind === "otlp" ? "one Collector, and let it send to others" : "one console";
    file.warn(at, `is a second ${name} of ${signal.toLowerCase()} and is not used; use ${to}.`);
    touchAll(exporter);
    return undefined;
  }
  const settings = (exporter as Record<string, OtlpHttpMetricExporterConfigModel>)[name];
  if (kind === "otlp") readOtlp(settings ?? {}, { ...place, at: `${at}.${name}` }, file);
  return kind;
}

/** Notes that all of a part has been read. */
export function touchAll(part: unknown): unknown {
  return JSON.parse(JSON.stringify(part));
}

function readOtlp(
  otlp: NonNullable<OtlpHttpMetricExporterConfigModel>,
  { signal, at, timeout, timeoutAt }: ExporterPlace,
  file: FileReader,
): void {
  const set = (setting: keyof typeof OTLP_KEYS, value: Value, where?: string): void =>
    file.set(
      `OTEL_EXPORTER_OTLP_${signal}_${setting}`,
      value,
      where ?? `${at}.${OTLP_KEYS[setting]}`,
    );
  const { endpoint, compression, encoding, headers, headers_list: list } = otlp;
  set("ENDPOINT", endpoint);
  set("COMPRESSION", compression);
  if (encoding) set("PROTOCOL", `http/${encoding}`);
  // The shorter of the two is what one request may take.
  const own = otlp.timeout;
  if (timeout != null && (own == null || timeout < own)) set("TIMEOUT", timeout, timeoutAt);
  else set("TIMEOUT", own);
  const pairs = (headers ?? []).flatMap(({ name, value }) =>
    value === null ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  const all = [...(list ? [list] : []), ...pairs];
  if (all.length > 0) set("HEADERS", all, pairs.length > 0 ? `${at}.headers` : undefined);
  readTls(otlp, { signal, at }, file);
}

function readTls(
  { endpoint, tls }: NonNullable<OtlpHttpMetricExporterConfigModel>,
  { signal, at }: Pick<ExporterPlace, "signal" | "at">,
  file: FileReader,
): void {
  const files = {
    CERTIFICATE: tls?.ca_file,
    CLIENT_CERTIFICATE: tls?.cert_file,
    CLIENT_KEY: tls?.key_file,
  };
  for (const [setting, path] of Object.entries(files)) {
    if (path == null || path === "") continue;
    const key = `${at}.${OTLP_KEYS[setting as keyof typeof files]}`;
    const name = `OTEL_EXPORTER_OTLP_${signal}_${setting}`;
    const { parse, expected } = file.variable(name);
    if (!isAbsolute(path)) {
      file.refuse(
        key,
        `is ${JSON.stringify(path)}; use a path from the root, or \${VARIABLE} for its start.`,
      );
    } else if (parse(path) === undefined) {
      file.refuse(key, `is ${JSON.stringify(path)}; use ${expected}.`);
    } else if (endpoint == null || !/^https:/i.test(endpoint)) {
      file.refuse(key, `asks for TLS, and the endpoint is without it; use an https:// URL.`);
    } else file.set(name, path, key);
  }
}
