import type {
  LoggerProviderConfigModel,
  TracerProviderConfigModel,
} from "@opentelemetry/configuration";
import type { FileReader } from "./config-file.ts";
import { readExporter } from "./file-exporter.ts";
import { POSITIVE } from "./variable.ts";
import { peek } from "./watched.ts";

const PREFIX = { TRACES: "OTEL_BSP", LOGS: "OTEL_BLRP" };
const PROVIDER = { TRACES: "tracer_provider", LOGS: "logger_provider" };

interface Processor {
  exporter: object;
  schedule_delay?: number | null;
  export_timeout?: number | null;
  max_queue_size?: number | null;
  max_export_batch_size?: number | null;
}

/** Reads the processors and limits of spans or of log records; without a provider the file asks for none. */
export function readProcessors(
  provider: TracerProviderConfigModel | LoggerProviderConfigModel | undefined,
  signal: "TRACES" | "LOGS",
  file: FileReader,
): void {
  const kinds: string[] = [];
  for (const [index, processor] of (provider?.processors ?? []).entries()) {
    const name = Object.keys(processor).find((key) => key === "batch" || key === "simple");
    const settings: Processor | undefined = name && processor[name];
    if (name === undefined || settings === undefined) continue;
    const at = `${PROVIDER[signal]}.processors[${index}].${name}`;
    const isOtlp = Object.hasOwn(settings.exporter, "otlp_http");
    const kind = readExporter(
      settings.exporter,
      {
        signal,
        at: `${at}.exporter`,
        timeout: isOtlp ? settings.export_timeout : undefined,
        timeoutAt: `${at}.export_timeout`,
        taken: kinds,
      },
      file,
    );
    if (kind === undefined) continue;
    kinds.push(kind);
    if (kind === "otlp") readQueue(settings, { at, signal, isSimple: name === "simple" }, file);
  }
  file.set(`OTEL_${signal}_EXPORTER`, kinds.length === 0 ? "none" : kinds, PROVIDER[signal]);
  readValueLength(provider, signal, file);
  if (provider !== undefined && "id_generator" in provider) void provider.id_generator?.random;
}

// What prints to the console does so at once, and has no queue.
function readQueue(
  settings: Processor,
  { at, signal, isSimple }: { at: string; signal: "TRACES" | "LOGS"; isSimple: boolean },
  file: FileReader,
): void {
  const prefix = PREFIX[signal];
  if (isSimple) {
    file.set(`${prefix}_MAX_EXPORT_BATCH_SIZE`, 1, at);
    file.set(`${prefix}_SCHEDULE_DELAY`, 1, at);
    return;
  }
  file.set(`${prefix}_MAX_QUEUE_SIZE`, settings.max_queue_size, `${at}.max_queue_size`);
  const batch = settings.max_export_batch_size;
  file.set(`${prefix}_MAX_EXPORT_BATCH_SIZE`, batch, `${at}.max_export_batch_size`);
  file.set(`${prefix}_SCHEDULE_DELAY`, settings.schedule_delay, `${at}.schedule_delay`);
}

function readValueLength(
  provider: TracerProviderConfigModel | LoggerProviderConfigModel | undefined,
  signal: "TRACES" | "LOGS",
  file: FileReader,
): void {
  const { limits } = provider ?? {};
  if (limits === undefined || peek(limits, "attribute_value_length_limit") == null) return;
  const at = `${PROVIDER[signal]}.limits.attribute_value_length_limit`;
  const length = countOf(limits.attribute_value_length_limit, at, file);
  if (length !== undefined) file.declared.valueLengths[signal.toLowerCase()] = length;
}

/** A count or a time of which there is no variable; a wrong one is told. */
export function countOf(
  value: number | null | undefined,
  at: string,
  file: FileReader,
): number | undefined {
  if (value == null) return undefined;
  const count = POSITIVE.parse(String(value));
  if (count === undefined) file.warn(at, `is ${value}; use ${POSITIVE.expected}. It is ignored.`);
  return count;
}
