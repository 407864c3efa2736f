import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { buffer as readAll } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import type { Certificate } from "./certificate.ts";
import { type LogRecord, logsOf, type Metric, metricsOf, type Span, spansOf } from "./otlp-json.ts";
import { waitFor } from "./wait.ts";

export type { LogRecord, Metric, Span } from "./otlp-json.ts";

/** A request as it came. */
export interface OtlpRequest {
  /** "/v1/traces", "/v1/metrics" or "/v1/logs". */
  path: string;
  headers: IncomingMessage["headers"];
  /** The bytes on the wire, still compressed when they came so. */
  raw: Buffer;
  /** The bytes after decompression. */
  bytes: Buffer;
  /** The parsed body; undefined of one that is not JSON, which is answered 415. */
  body: unknown;
  /** What it was answered. */
  status: number;
  /** When it was answered, in milliseconds. */
  at: number;
}

export interface OtlpReceiver extends AsyncDisposable {
  /** Base URL, as `OTEL_EXPORTER_OTLP_ENDPOINT` wants it. */
  url: string;
  port: number;
  requests: OtlpRequest[];
  /** Every span, log record or metric of the requests that were answered 200, with its resource and scope. */
  spans(): Span[];
  logs(): LogRecord[];
  metrics(): Metric[];
  waitForSpan(predicate?: (span: Span) => boolean, deadlineMs?: number): Promise<Span>;
  waitForLog(predicate?: (log: LogRecord) => boolean, deadlineMs?: number): Promise<LogRecord>;
  waitForMetric(predicate?: (metric: Metric) => boolean, deadlineMs?: number): Promise<Metric>;
  /**
   * From now on answers this status (503: away, retry; 400: refused for good; 200: well again), each request after
   * `delayMs`.
   */
  respondWith(
    status: number,
    options?: { headers?: Record<string, string>; delayMs?: number },
  ): void;
}

export interface OtlpReceiverOptions {
  port?: number;
  /** Serves TLS with this certificate. */
  tls?: Certificate;
  /** Takes only clients that this authority vouches for. */
  client?: Certificate;
}

/** Starts an OTLP/HTTP receiver for JSON on a free port that keeps every request, also protobuf, which gets 415. */
export async function startOtlpReceiver({
  port = 0,
  tls,
  client,
}: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const requests: OtlpRequest[] = [];
  let wanted = 200;
  let extra: Record<string, string> = {};
  let delay = 0;

  const listener: RequestListener = (request, response) => {
    answer(request).then(
      (status) => {
        response.writeHead(status, { "content-type": "application/json", ...extra });
        setTimeout(() => response.end("{}"), delay);
      },
      (error: unknown) => {
        response.writeHead(400, { "content-type": "text/plain" }).end(String(error));
      },
    );
  };
  const asked = client && { ca: readFileSync(client.cert), requestCert: true };
  const own = tls && { cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
  const server =
    own === undefined ? createServer(listener) : createSecureServer({ ...own, ...asked }, listener);

  async function answer(request: IncomingMessage): Promise<number> {
    const raw = await readAll(request);
    if (request.method !== "POST" || !/^\/v1\/(?:traces|metrics|logs)$/.test(request.url ?? "")) {
      return 404;
    }
    const bytes = request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
    const path = request.url ?? "";
    if (!/^application\/json\b/.test(request.headers["content-type"] ?? "")) {
      const refused = {
        path,
        headers: request.headers,
        raw,
        bytes,
        body: undefined,
        status: 415,
        at: Date.now(),
      };
      requests.push(refused);
      return refused.status;
    }
    const body: unknown = JSON.parse(bytes.toString("utf8"));
    requests.push({
      path,
      headers: request.headers,
      raw,
      bytes,
      body,
      status: wanted,
      at: Date.now(),
    });
    return wanted;
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;

  const accepted = (path: string): unknown[] =>
    requests.filter((each) => each.path === path && each.status === 200).map((each) => each.body);
  const spans = (): Span[] => accepted("/v1/traces").flatMap(spansOf);
  const logs = (): LogRecord[] => accepted("/v1/logs").flatMap(logsOf);
  const metrics = (): Metric[] => accepted("/v1/metrics").flatMap(metricsOf);
  const find = <T>(
    list: () => T[],
    what: string,
    predicate: (each: T) => boolean,
    deadlineMs: number,
  ) => waitFor(() => list().find(predicate), { what, deadlineMs, everyMs: 20 });

  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${bound}`,
    port: bound,
    requests,
    spans,
    logs,
    metrics,
    waitForSpan: (predicate = () => true, deadlineMs = 10_000) =>
      find(spans, "a span at the OTLP receiver", predicate, deadlineMs),
    waitForLog: (predicate = () => true, deadlineMs = 10_000) =>
      find(logs, "a log record at the OTLP receiver", predicate, deadlineMs),
    waitForMetric: (predicate = () => true, deadlineMs = 10_000) =>
      find(metrics, "a metric at the OTLP receiver", predicate, deadlineMs),
    respondWith(status, { headers = {}, delayMs = 0 } = {}) {
      wanted = status;
      extra = headers;
      delay = delayMs;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
