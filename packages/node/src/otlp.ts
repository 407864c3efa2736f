import { type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import { OTLPLogExporter as LogsJson } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as LogsProtobuf } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter as MetricsJson } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as MetricsProtobuf } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
  type OTLPExporterNodeConfigBase,
} from "@opentelemetry/otlp-exporter-base/node-http";
import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { Sender } from "./delivery.ts";
import type { Encoding } from "./encoding.ts";
import { createLookup } from "./lookup.ts";
import { spanSerializer } from "./span-serializer.ts";
import { tlsFiles } from "./tls-files.ts";
import type { WrittenSpan } from "./written-span.ts";

/** Options that every OTLP exporter of ours gets; the rest it reads from OTEL_EXPORTER_OTLP_*. */
interface OneAttempt extends OTLPExporterNodeConfigBase {
  /** Call it before each export. */
  begin(): void;
}

/** Sends spans; constructed nowhere but behind the gate. */
export function otlpSpans(encoding: Encoding): Sender<WrittenSpan[]> {
  const options = oneAttempt("TRACES");
  // As upstream's exporters are made, with another serializer.
  const http = convertLegacyHttpOptions(options, "TRACES", "v1/traces", {
    "Content-Type": encoding === "http/json" ? "application/json" : "application/x-protobuf",
  });
  const exporter = new OTLPExporterBase(
    createOtlpHttpExportDelegate(
      http,
      spanSerializer(encoding),
      "otlp_http_span_exporter",
      { name: "span", countItems: (spans: readonly WrittenSpan[]) => spans.length },
      undefined,
    ),
  );
  return { exporter, begin: () => options.begin() };
}

/** Sends log records; constructed nowhere but behind the gate. */
export function otlpLogs(encoding: Encoding): { exporter: LogRecordExporter; begin: () => void } {
  const options = oneAttempt("LOGS");
  const exporter = encoding === "http/json" ? new LogsJson(options) : new LogsProtobuf(options);
  return { exporter, begin: () => options.begin() };
}

/** Sends metrics; constructed nowhere but behind the gate. */
export function otlpMetrics(encoding: Encoding): {
  exporter: PushMetricExporter;
  begin: () => void;
} {
  const options = oneAttempt("METRICS");
  const exporter =
    encoding === "http/json" ? new MetricsJson(options) : new MetricsProtobuf(options);
  return { exporter, begin: () => options.begin() };
}

/**
 * The exporters repeat a failed request five times inside their timeout, with timers that hold a finished process for
 * up to 9 s, and then lose the batch. The outbox repeats instead, so a second attempt of one export is refused here:
 * headers are asked for before each attempt, and that is the only public place to refuse.
 */
function oneAttempt(signal: "TRACES" | "LOGS" | "METRICS"): OneAttempt {
  // Several exports may be on their way; what is asked for beyond their number is a second attempt.
  let allowed = 0;
  return {
    begin() {
      allowed += 1;
    },
    headers: async () => {
      if (allowed === 0) throw new Error("the Collector did not answer");
      allowed -= 1;
      return {};
    },
    httpAgentOptions: (protocol: string) => agent(protocol, signal),
  };
}

// Sockets are unref'd: a Collector that hangs must not keep a finished process alive.
function agent(protocol: string, signal: "TRACES" | "METRICS" | "LOGS"): HttpAgent | HttpsAgent {
  const options = {
    keepAlive: true,
    lookup: createLookup(),
    ...(protocol === "https:" ? tlsFiles(signal) : {}),
  };
  const made = protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
  const createConnection = made.createConnection.bind(made);
  const reuseSocket = made.reuseSocket.bind(made);
  made.createConnection = (...given) => {
    const socket = createConnection(...given) as Socket;
    return socket.unref();
  };
  // Its second attempt would wait this long before it is refused, and hold a finished process meanwhile.
  const add = made as unknown as { addRequest(request: ClientRequest, ...given: unknown[]): void };
  const addRequest = add.addRequest.bind(made);
  add.addRequest = (request, ...given) => {
    request.prependOnceListener("response", ({ headers }) => delete headers["retry-after"]);
    addRequest(request, ...given);
  };
  made.reuseSocket = (socket, request) => {
    reuseSocket(socket, request);
    (socket as Socket).unref();
  };
  return made;
}
