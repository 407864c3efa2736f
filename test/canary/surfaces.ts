import { KINDS, type Kind } from "./mint.ts";

/** The ways out of the process, and the places where what left it ends up. */
export const EXITS = [
  "OTLP",
  "/metrics",
  "output",
  "headers",
  "denied",
  "envelope",
  "Jaeger",
  "Prometheus",
  "bugsink",
  "bridged",
  "backends",
] as const;

export type Exit = (typeof EXITS)[number];

/** For each exit: true when the surface arrives there, else why it never does. */
export type Reach = Record<Exit, true | string>;

/** A part of the telemetry on which every kind of canary is planted. */
export interface Surface {
  name: string;
  kinds: readonly Kind[];
  reach: Reach;
  /** Takes any text, so that every form of a secret is planted on it too. */
  forms: boolean;
}

/** Surfaces on which a text is planted as it is, whatever its characters. */
const FREE = new Set([
  "span_name",
  "span_name_updated",
  "span_status",
  "attribute_key",
  "attribute_text",
  "attribute_array",
  "attribute_percent",
  "event_name",
  "event_key",
  "span_scope",
  "exception_message",
  "exception_type",
  "log_body",
  "log_key",
  "log_event_name",
  "log_severity",
  "log_exception_attributes",
  "metric_attribute",
  "metric_key",
  "metric_histogram",
  "metric_description",
  "in_query_text",
  "http_query_text",
  "fetch_query_text",
  "sql_text",
  "sql_error",
]);

const SILENT: Reach = {
  OTLP: "carries spans, metrics and log records",
  "/metrics": "carries metrics and the resource",
  output: "prints spans, metrics, log records and diagnostics",
  headers: "carry trace context and baggage",
  denied: "gets neither trace context nor baggage",
  envelope: "carries errors",
  Jaeger: "keeps traces",
  Prometheus: "keeps metrics",
  bugsink: "keeps errors",
  bridged: "keeps errors",
  backends: "the Collector and what is behind it print no payload",
};

// The console exporters run beside the others, so that output is a way out like they are.
const SPAN: Reach = { ...SILENT, OTLP: true, output: true, Jaeger: true };
const NAME: Reach = { ...SPAN, Prometheus: true };
const ERROR: Reach = { ...SPAN, envelope: true, bugsink: true, bridged: true };
const LOG: Reach = { ...SILENT, OTLP: true, output: true, bridged: true };
// Of a record an issue has the body or the exception, and of its attributes those that are tags.
const LOG_DETAIL: Reach = { ...LOG, bridged: "no part of an issue" };
const METRIC: Reach = {
  ...SILENT,
  OTLP: true,
  output: true,
  "/metrics": true,
  Prometheus: true,
};
const RESOURCE: Reach = { ...METRIC, Jaeger: true };
const HEADER: Reach = { ...SILENT, headers: true };
const DIAGNOSTIC: Reach = { ...SILENT, output: true };

const NO_RESOURCE = "an issue names the service, its version and its environment";
const NO_SCOPE = "scopes of metrics are left out there";

/** Every surface with the exits that it reaches. A cell that is not tried has its reason here and nowhere else. */
export const SURFACES: readonly Surface[] = [
  surface("span_name", NAME),
  surface("span_name_updated", NAME),
  surface("span_status", { ...SPAN, bridged: true }),
  surface("attribute_key", SPAN),
  surface("attribute_text", SPAN),
  surface("attribute_named", SPAN),
  surface("attribute_number", SPAN, ["pan", "cvv", "pin", "phone"]),
  surface("attribute_array", SPAN),
  surface("attribute_map", SPAN),
  surface("attribute_json", SPAN),
  surface("attribute_percent", SPAN),
  surface("event_name", SPAN),
  surface("event_key", SPAN),
  surface("event_attribute", SPAN),
  surface("link_attribute", SPAN),
  surface("link_trace_state", { ...SPAN, output: "printed as an object without its members" }),
  surface("parent_trace_state", SPAN),
  surface("trace_state", { ...SPAN, headers: true }),
  surface("span_scope", SPAN),
  surface("last_span", SPAN),

  surface("exception_message", ERROR),
  surface("exception_type", ERROR),
  surface("exception_stack", ERROR),
  surface("exception_cause", {
    ...SILENT,
    envelope: true,
    bugsink: true,
    OTLP: "a recorded exception has no cause",
    Jaeger: "a recorded exception has no cause",
    bridged: "a recorded exception has no cause",
  }),
  surface("thrown_fastify", ERROR),
  surface("thrown_express", ERROR),
  surface("uncaught", { ...LOG, envelope: true, bugsink: true }),

  surface("log_body", LOG),
  surface("log_body_map", LOG),
  surface("log_body_json", LOG),
  surface("log_body_bytes", { ...LOG, output: "printed as the numbers of its first bytes" }),
  surface("log_key", LOG_DETAIL),
  surface("log_attribute", LOG_DETAIL),
  surface("log_attribute_map", LOG_DETAIL),
  surface("log_event_name", LOG_DETAIL),
  surface("log_severity", LOG_DETAIL),
  surface("log_exception", LOG),
  surface("log_exception_attributes", LOG),
  surface("log_scope", LOG_DETAIL),

  surface("metric_attribute", METRIC),
  surface("metric_named", METRIC),
  surface("metric_key", METRIC),
  surface("metric_histogram", METRIC),
  surface("metric_name", METRIC, ["pan", "phone", "iban", "jwt", "api_key"]),
  surface("metric_description", METRIC),
  surface("metric_unit", METRIC),
  surface("metric_scope", {
    ...SILENT,
    OTLP: true,
    output: NO_SCOPE,
    "/metrics": NO_SCOPE,
    Prometheus: NO_SCOPE,
  }),

  surface("resource_value", { ...RESOURCE, envelope: NO_RESOURCE, bugsink: NO_RESOURCE }),
  surface("resource_key", { ...RESOURCE, envelope: NO_RESOURCE, bugsink: NO_RESOURCE }),
  surface("resource_named", { ...RESOURCE, envelope: NO_RESOURCE, bugsink: NO_RESOURCE }),
  surface("service_name", { ...RESOURCE, envelope: true, bugsink: true, bridged: true }, ["phone"]),
  surface("service_version", { ...RESOURCE, envelope: true, bugsink: true, bridged: true }, [
    "pan",
  ]),
  surface("environment", { ...RESOURCE, envelope: true, bugsink: true, bridged: true }, ["email"]),

  surface("in_path", SPAN),
  surface("in_query", SPAN),
  surface("in_query_text", SPAN),
  surface("in_user_agent", SPAN),
  surface("in_forwarded_for", SPAN),
  surface("in_forwarded_host", SPAN),
  surface("http_path", SPAN),
  surface("http_query", SPAN),
  surface("http_query_text", SPAN),
  surface("http_user_agent", SPAN),
  surface("fetch_path", SPAN),
  surface("fetch_query", SPAN),
  surface("fetch_query_text", SPAN),
  surface("fetch_user_agent", SPAN),
  surface("baggage", HEADER),
  surface("baggage_relayed", HEADER),
  // What a key can be: letters, digits and few signs.
  surface("baggage_key", HEADER, ["pan", "iban", "api_key"]),

  surface("sql_text", SPAN),
  surface("sql_condition", SPAN),
  surface("sql_parameter", SILENT),
  surface("sql_error", SPAN),

  surface("diagnostic", DIAGNOSTIC),
  surface("diagnostic_sdk", DIAGNOSTIC),
  surface("diagnostic_setting", DIAGNOSTIC),
];

function surface(name: string, reach: Reach, kinds: readonly Kind[] = KINDS): Surface {
  return { name, reach, kinds, forms: FREE.has(name) };
}
