import { readFileSync, statSync } from "node:fs";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Say } from "./diagnostics.ts";
import { ownPorts } from "./own-ports.ts";
import { type PrometheusConfig, readToken } from "./prometheus-variables.ts";

/** Gives the text of a scrape that may take so long, or rejects with why there is none, for anyone to read. */
export type Scrape = (withinMs: number) => Promise<string>;

/** A scraper that does not say how long it waits is taken to wait as long as Prometheus does by default. */
const SCRAPE_TIMEOUT_S = 10;

/**
 * Serves `/metrics` and nothing else.
 *
 * A port in use is told in one sentence and the application goes on. Neither the server nor a scraper that keeps its
 * connection holds the process.
 */
export function serveMetrics(config: PrometheusConfig, scrape: Scrape, say: Say): void {
  const isAllowed = config.prometheusToken === "" ? () => true : tokenCheck(config, say);
  const server = createServer(config, say, (request, response) => {
    void answer(request, response, isAllowed, scrape);
  });
  const { prometheusHost: host, prometheusPort: port } = config;
  server.on("error", (error: NodeJS.ErrnoException) => {
    const found =
      error.code === "EADDRINUSE" ? "is in use" : `cannot be opened (${error.code ?? "unknown"})`;
    say(
      `port ${port} on ${host} ${found}, so /metrics is not served; set OTEL_EXPORTER_PROMETHEUS_PORT to a free port, or 0 for any.`,
    );
  });
  server.listen(port, host, () => {
    const address = server.address() as AddressInfo;
    ownPorts.add(address.port);
    const scheme = config.prometheusCertificate === "" ? "http" : "https";
    if (port === 0) say(`/metrics is served at ${scheme}://${host}:${address.port}/metrics.`);
  });
  server.on("connection", (socket: Socket) => socket.unref());
  server.unref();
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  isAllowed: (request: IncomingMessage) => boolean,
  scrape: Scrape,
): Promise<void> {
  const reply = (status: number, text: string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, {
      "content-type": "text/plain; version=0.0.4; charset=utf-8",
      "content-length": Buffer.byteLength(text),
      "cache-control": "no-store",
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : text);
  };
  if (request.url?.split("?", 1)[0] !== "/metrics") return reply(404, "Metrics are at /metrics.\n");
  if (!isAllowed(request)) return reply(401, "", { "www-authenticate": "Bearer" });
  if (request.method !== "GET" && request.method !== "HEAD") {
    return reply(405, "", { allow: "GET, HEAD" });
  }
  try {
    const seconds = Number(request.headers["x-prometheus-scrape-timeout-seconds"]);
    const waits = seconds > 0 ? seconds : SCRAPE_TIMEOUT_S;
    reply(200, await scrape(waits * 1_000));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "no reason given";
    reply(500, `# ${reason}\n`);
  }
}

/** The token is read for each request, so that a new one counts at once. */
function tokenCheck(
  { prometheusToken: path }: PrometheusConfig,
  say: Say,
): (request: IncomingMessage) => boolean {
  const { createHash, timingSafeEqual } = require("node:crypto") as typeof import("node:crypto");
  // Of a hash, so that neither the length nor the time tells anything of the token.
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  let isTold = false;
  return (request) => {
    const token = readToken(path);
    if (token === undefined) {
      if (!isTold) say(`the token of ${path} is gone or too short, so every scrape is refused.`);
      isTold = true;
      return false;
    }
    isTold = false;
    const [, given = ""] = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? [];
    return timingSafeEqual(digest(given), digest(token));
  };
}

function createServer(config: PrometheusConfig, say: Say, listener: RequestListener): Server {
  if (config.prometheusCertificate === "") {
    const http = require("node:http") as typeof import("node:http");
    return http.createServer(listener);
  }
  const https = require("node:https") as typeof import("node:https");
  const files = tlsFiles(config);
  let read = versionOf(files);
  const server: TlsServer = https.createServer(secrets(files), (request, response) => {
    listener(request, response);
    const found = versionOf(files);
    if (found === read) return;
    read = found; // told once, also when the new files are wrong
    try {
      server.setSecureContext(secrets(files));
    } catch {
      say(
        "the new certificate of /metrics, or its key, cannot be used; the old one is, until then.",
      );
    }
  });
  server.on("secureConnection", (socket) => socket.unref());
  return server;
}

interface Files {
  cert: string;
  key: string;
  ca?: string;
}

function tlsFiles(config: PrometheusConfig): Files {
  const { prometheusCertificate: cert, prometheusKey: key, prometheusClientCa: ca } = config;
  return { cert, key, ...(ca === "" ? {} : { ca }) };
}

function secrets({ cert, key, ca }: Files) {
  return {
    cert: readFileSync(cert),
    key: readFileSync(key),
    ...(ca === undefined
      ? {}
      : { ca: readFileSync(ca), requestCert: true, rejectUnauthorized: true }),
  };
}

function versionOf(files: Files): string {
  try {
    return Object.values(files)
      .map((path: string) => statSync(path))
      .map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`)
      .join();
  } catch {
    return "gone"; // while a file is replaced
  }
}
