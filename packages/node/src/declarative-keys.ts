const EXPORTERS = {
  TRACES: "tracer_provider.processors[].batch.exporter",
  METRICS: "meter_provider.readers[].periodic.exporter",
  LOGS: "logger_provider.processors[].batch.exporter",
};

/** Keys of `otlp_http` by the settings that variables have for them. */
export const OTLP_KEYS = {
  ENDPOINT: "endpoint",
  HEADERS: "headers_list",
  TIMEOUT: "timeout",
  COMPRESSION: "compression",
  PROTOCOL: "encoding",
  CERTIFICATE: "tls.ca_file",
  CLIENT_CERTIFICATE: "tls.cert_file",
  CLIENT_KEY: "tls.key_file",
} as const;

const SPANS = "tracer_provider.processors[].batch";
const LOGS = "logger_provider.processors[].batch";
const PROMETHEUS = "meter_provider.readers[].pull.exporter.prometheus/development";

/** Keys that have one place in the file and the variable's own value. */
const PLAIN: Readonly<Record<string, string>> = {
  OTEL_SDK_DISABLED: "disabled",
  OTEL_RESOURCE_ATTRIBUTES: "resource.attributes_list",
  OTEL_ATTRIBUTE_COUNT_LIMIT: "attribute_limits.attribute_count_limit",
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "attribute_limits.attribute_value_length_limit",
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "tracer_provider.limits.attribute_count_limit",
  OTEL_SPAN_EVENT_COUNT_LIMIT: "tracer_provider.limits.event_count_limit",
  OTEL_SPAN_LINK_COUNT_LIMIT: "tracer_provider.limits.link_count_limit",
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: "tracer_provider.limits.event_attribute_count_limit",
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: "tracer_provider.limits.link_attribute_count_limit",
  OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "logger_provider.limits.attribute_count_limit",
};

/** Keys in lists, or that say it in another way. */
const OTHER: Readonly<Record<string, string>> = {
  OTEL_TRACES_EXPORTER: EXPORTERS.TRACES,
  OTEL_METRICS_EXPORTER: EXPORTERS.METRICS,
  OTEL_LOGS_EXPORTER: EXPORTERS.LOGS,
  OTEL_TRACES_SAMPLER: "tracer_provider.sampler",
  OTEL_TRACES_SAMPLER_ARG: "tracer_provider.sampler.trace_id_ratio_based.ratio",
  OTEL_PROPAGATORS: "propagator.composite_list",
  OTEL_NODE_ENABLED_INSTRUMENTATIONS: "instrumentation/development.js.<name>.enabled",
  OTEL_NODE_DISABLED_INSTRUMENTATIONS: "instrumentation/development.js.<name>.enabled",
  OTEL_BSP_MAX_QUEUE_SIZE: `${SPANS}.max_queue_size`,
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: `${SPANS}.max_export_batch_size`,
  OTEL_BSP_SCHEDULE_DELAY: `${SPANS}.schedule_delay`,
  OTEL_BLRP_MAX_QUEUE_SIZE: `${LOGS}.max_queue_size`,
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: `${LOGS}.max_export_batch_size`,
  OTEL_BLRP_SCHEDULE_DELAY: `${LOGS}.schedule_delay`,
  OTEL_METRIC_EXPORT_INTERVAL: "meter_provider.readers[].periodic.interval",
  OTEL_EXPORTER_PROMETHEUS_HOST: `${PROMETHEUS}.host`,
  OTEL_EXPORTER_PROMETHEUS_PORT: `${PROMETHEUS}.port`,
  OTEL_LOG_LEVEL: "log_level",
};

/** The block of the file that is Assay's own. */
export const OWN_BLOCK = "distribution.assay";

/** Tells where a variable's value stands in a declarative configuration file; "" when it has no place there. */
export function keyOf(variable: string): string {
  if (variable === "OTEL_CONFIG_FILE") return "";
  const [, signal, setting] =
    /^OTEL_EXPORTER_OTLP_(?:(TRACES|METRICS|LOGS)_)?(\w+)$/.exec(variable) ?? [];
  if (setting !== undefined && setting in OTLP_KEYS) {
    const key = `otlp_http.${OTLP_KEYS[setting as keyof typeof OTLP_KEYS]}`;
    // The file has no setting for all signals.
    return signal === undefined ? "" : `${EXPORTERS[signal as keyof typeof EXPORTERS]}.${key}`;
  }
  return PLAIN[variable] ?? OTHER[variable] ?? ownKey(variable);
}

/** Whether the value stands at its key as the variable has it. */
export function isPlain(variable: string): boolean {
  return variable in PLAIN || keyOf(variable) === ownKey(variable);
}

// What OpenTelemetry's schema has no key for, so that a new variable has its place by itself.
function ownKey(variable: string): string {
  return `${OWN_BLOCK}.${variable.replace(/^(?:ASSAY|OTEL)_/, "").toLowerCase()}`;
}
