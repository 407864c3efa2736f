import type {
  ConfigurationModel,
  PeriodicMetricReaderConfigModel,
  PullMetricReaderConfigModel,
} from "@opentelemetry/configuration";
import type { FileReader } from "./config-file.ts";
import type { DeclaredReader } from "./declared.ts";
import { readExporter } from "./file-exporter.ts";
import { countOf } from "./file-processors.ts";
import { readViews } from "./file-views.ts";
import { peek } from "./watched.ts";

const PROMETHEUS = "prometheus/development";

/** Reads the readers and views of metrics; without a provider the file asks for none. */
export function readMetrics(
  provider: ConfigurationModel["meter_provider"],
  file: FileReader,
): void {
  const kinds: string[] = [];
  for (const [index, reader] of (provider?.readers ?? []).entries()) {
    const at = `meter_provider.readers[${index}]`;
    const kind =
      reader.pull !== undefined
        ? readPull(reader.pull, { at: `${at}.pull`, kinds }, file)
        : readPeriodic(reader.periodic!, { at: `${at}.periodic`, kinds }, file);
    if (kind !== undefined) kinds.push(kind);
  }
  file.set("OTEL_METRICS_EXPORTER", kinds.length === 0 ? "none" : kinds, "meter_provider");
  if (provider === undefined) return;
  readViews(provider.views ?? [], file);
  // The SDK has no exemplars.
  accept(provider, "exemplar_filter", ["always_off"]);
}

interface ReaderPlace {
  at: string;
  kinds: readonly string[];
}

function readPeriodic(
  reader: PeriodicMetricReaderConfigModel,
  { at, kinds }: ReaderPlace,
  file: FileReader,
): string | undefined {
  const isOtlp = Object.hasOwn(reader.exporter, "otlp_http");
  const kind = readExporter(
    reader.exporter,
    {
      signal: "METRICS",
      at: `${at}.exporter`,
      timeout: isOtlp ? reader.timeout : undefined,
      timeoutAt: `${at}.timeout`,
      taken: kinds,
    },
    file,
  );
  if (kind === undefined) return undefined;
  const declared: DeclaredReader = {};
  if (kind === "otlp") file.set("OTEL_METRIC_EXPORT_INTERVAL", reader.interval, `${at}.interval`);
  else {
    const interval = countOf(reader.interval, `${at}.interval`, file);
    if (interval !== undefined) declared.intervalMs = interval;
  }
  const size = "max_export_batch_size/development";
  const batch = countOf(reader[size], `${at}.${size}`, file);
  if (batch !== undefined) declared.batchSize = batch;
  const { otlp_http: otlp, console: printed } = reader.exporter;
  const exporter = otlp ?? printed ?? {};
  if (exporter.temporality_preference) declared.temporality = exporter.temporality_preference;
  if (exporter.default_histogram_aggregation) {
    declared.histogram = exporter.default_histogram_aggregation;
  }
  const limits = Object.entries(reader.cardinality_limits ?? {}).flatMap(([type, limit]) =>
    typeof limit === "number" ? [[camelCase(type), limit] as const] : [],
  );
  if (limits.length > 0) declared.cardinality = Object.fromEntries(limits);
  file.declared.readers[kind] = declared;
  return kind;
}

function readPull(
  reader: PullMetricReaderConfigModel,
  { at, kinds }: ReaderPlace,
  file: FileReader,
): string | undefined {
  const place = `${at}.exporter.${PROMETHEUS}`;
  if (!Object.hasOwn(reader.exporter, PROMETHEUS)) return undefined;
  const prometheus = reader.exporter[PROMETHEUS] ?? {};
  if (kinds.includes("prometheus")) {
    file.warn(place, `is a second one and is not used; use one.`);
    return undefined;
  }
  file.set("OTEL_EXPORTER_PROMETHEUS_HOST", prometheus.host, `${place}.host`);
  file.set("OTEL_EXPORTER_PROMETHEUS_PORT", prometheus.port, `${place}.port`);
  // What Assay does anyway.
  accept(prometheus, "scope_info_enabled", [false]);
  accept(prometheus, "target_info_enabled/development", [true]);
  accept(prometheus, "translation_strategy", ["underscore_escaping_with_suffixes"]);
  return "prometheus";
}

/** Reads a key when it says what Assay does; otherwise it is told as not honoured. */
function accept<Part extends object>(part: Part, key: keyof Part & string, as: unknown[]): void {
  const found = peek(part, key);
  if (found === null || as.includes(found)) void part[key];
}

/** "observable_counter" as "observableCounter". */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
