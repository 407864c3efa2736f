import { type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import { createOtlpHttpExportDelegate } from "@opentelemetry/otlp-exporter-base/node-http";
import {
  type IExporterMetricsHelper,
  type ISerializer,
  JsonLogsSerializer,
  JsonMetricsSerializer,
  LogsExporterMetricsHelper,
  MetricsExporterMetricsHelper,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from "@opentelemetry/otlp-transformer";
import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { Sender } from "./delivery.ts";
import type { Encoding } from "./encoding.ts";
import { createLookup } from "./lookup.ts";
import { otlpTarget, type SignalName } from "./otlp-target.ts";
import { spanSerializer } from "./span-serializer.ts";
import { tlsFiles } from "./tls-files.ts";
import type { WrittenSpan } from "./written-span.ts";

/** An exporter of OTLP; `begin` is to be called before each export. */
export interface OneAttempt<Exporter> {
  exporter: Exporter;
  begin(): void;
}

/** What an exporter sends, and to where; `env` has OTEL_EXPORTER_OTLP_*. */
interface Sending<Items, Response> {
  signal: SignalName;
  encoding: Encoding;
  env: NodeJS.ProcessEnv;
  json: ISerializer<Items, Response>;
  protobuf: ISerializer<Items, Response>;
  helper: IExporterMetricsHelper<Items>;
}

/** Sends spans; constructed nowhere but behind the gate. */
export function otlpSpans(encoding: Encoding, env: NodeJS.ProcessEnv): Sender<WrittenSpan[]> {
  const [json, protobuf] = [spanSerializer("http/json"), spanSerializer("http/protobuf")];
  const helper = {
    name: "span" as const,
    countItems: (spans: readonly WrittenSpan[]) => spans.length,
  };
  return oneAttempt({ signal: "TRACES", encoding, env, json, protobuf, helper });
}

/** Sends log records; constructed nowhere but behind the gate. */
export function otlpLogs(
  encoding: Encoding,
  env: NodeJS.ProcessEnv,
): OneAttempt<LogRecordExporter> {
  const [json, protobuf] = [JsonLogsSerializer, ProtobufLogsSerializer];
  const helper = LogsExporterMetricsHelper;
  return oneAttempt({ signal: "LOGS", encoding, env, json, protobuf, helper });
}

/** Sends metrics; constructed nowhere but behind the gate. */
export function otlpMetrics(
  encoding: Encoding,
  env: NodeJS.ProcessEnv,
): OneAttempt<PushMetricExporter> {
  const [json, protobuf] = [JsonMetricsSerializer, ProtobufMetricsSerializer];
  const helper = MetricsExporterMetricsHelper;
  return oneAttempt({ signal: "METRICS", encoding, env, json, protobuf, helper });
}

/**
 * The exporters repeat a failed request five times inside their timeout, with timers that hold a finished process for
 * up to 9 s, and then lose the batch. The outbox repeats instead, so a second attempt of one export is refused here:
 * headers are asked for before each attempt, and that is the only public place to refuse.
 */
function oneAttempt<Items, Response>(
  sending: Sending<Items, Response>,
): OneAttempt<OTLPExporterBase<Items>> {
  const { signal, encoding, env, helper } = sending;
  const { url, headers, timeoutMs: timeoutMillis, compression } = otlpTarget(signal, env);
  const isJson = encoding === "http/json";
  const contentType = isJson ? "application/json" : "application/x-protobuf";
  // Several exports may be on their way; what is asked for beyond their number is a second attempt.
  let allowed = 0;
  const delegate = createOtlpHttpExportDelegate(
    {
      url,
      timeoutMillis,
      compression,
      concurrencyLimit: 30,
      headers: async () => {
        if (allowed === 0) throw new Error("the Collector did not answer");
        allowed -= 1;
        return { ...headers, "Content-Type": contentType };
      },
      agentFactory: (protocol) => agent(protocol, signal, env),
    },
    isJson ? sending.json : sending.protobuf,
    "otlp_http_exporter",
    helper,
    undefined,
  );
  return {
    exporter: new OTLPExporterBase(delegate),
    begin() {
      allowed += 1;
    },
  };
}

// Sockets are unref'd: a Collector that hangs must not keep a finished process alive.
function agent(
  protocol: string,
  signal: SignalName,
  env: NodeJS.ProcessEnv,
): HttpAgent | HttpsAgent {
  const options = {
    keepAlive: true,
    lookup: createLookup(),
    ...(protocol === "https:" ? tlsFiles(signal, env) : {}),
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
