import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { createRedactor, type Redactor } from "@assay/redaction";
import { createBridge, type Forwarded } from "./bridge.ts";
import { parseDsn } from "./dsn.ts";
import { errorsOfLogs, errorsOfTraces } from "./otlp-errors.ts";

export interface ErrorBridgeOptions {
  /** `https://PUBLIC_KEY@HOST/PROJECT_ID`. */
  dsn: string;
  /** What the DSN came from, for the sentence when it is wrong. Default: SENTRY_DSN. */
  dsnVariable?: string;
  redactor?: Redactor;
  host?: string;
  /** 0 takes any free one. */
  port?: number;
  /** Milliseconds that a failed span without an exception waits for one of the same trace. */
  waitMs?: number;
  /** Told one sentence when Sentry begins to refuse events; never with an event. */
  onDiagnostic?: (sentence: string) => void;
}

/** A running bridge. Closes at the end of the block with `await using`. */
export interface ErrorBridge extends AsyncDisposable {
  /** For the Collector's `otlp_http` exporter. */
  url: string;
  close(): Promise<void>;
}

const MOST_BYTES = 20 * 1024 * 1024;
/** Bytes of bodies held at once, by requests that come in or wait for their answer. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;

/**
 * Starts the bridge from the Collector's error route to Sentry.
 *
 * Takes OTLP as JSON on /v1/traces and /v1/logs and answers when Sentry has accepted what is in it: 503 while Sentry is
 * away or too much waits for it, so that the Collector keeps the data; 400 for what cannot be read. Keeps and logs no payload. Rejects with one
 * sentence for a wrong DSN or a port in use.
 */
export async function createErrorBridge({
  dsn,
  dsnVariable = "SENTRY_DSN",
  redactor = createRedactor(),
  host = "127.0.0.1",
  port = 4319,
  waitMs = 2_000,
  onDiagnostic = () => {},
}: ErrorBridgeOptions): Promise<ErrorBridge> {
  const bridge = createBridge({
    dsn: parseDsn(dsn, dsnVariable),
    redactor,
    waitMs,
    onDiagnostic,
  });

  let heldBytes = 0;
  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    hold: (bytes: number) => boolean,
  ): Promise<void> => {
    const path = request.url?.split("?", 1)[0];
    if (request.method === "GET" && path === "/healthz")
      return reply(response, 200, { status: "ok" });
    const read =
      path === "/v1/traces" ? errorsOfTraces : path === "/v1/logs" ? errorsOfLogs : undefined;
    if (read === undefined)
      return reply(response, 404, told("use /v1/traces, /v1/logs or /healthz"));
    if (request.method !== "POST") return reply(response, 405, told("use POST"));
    if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
      return reply(
        response,
        415,
        told("use OTLP as application/json (encoding: json in the Collector)"),
      );
    }
    const bytes = await bodyOf(request, hold);
    if (bytes === "too long")
      return reply(response, 413, told(`use bodies of at most ${MOST_BYTES} bytes`));
    if (bytes === "no room") return later(response, "too many requests wait for Sentry");
    let forwarded: Promise<Forwarded>;
    try {
      forwarded = bridge.forward(read(JSON.parse(bytes.toString("utf8"))));
    } catch {
      return reply(response, 400, told("the body is no OTLP/JSON"));
    }
    const { away, refused } = await forwarded;
    if (away) return later(response, "Sentry does not take events now");
    reply(response, 200, refused === 0 ? {} : partial(path, refused));
  };

  const server = createServer((request, response) => {
    let own = 0;
    const hold = (bytes: number): boolean => {
      own += bytes;
      heldBytes += bytes;
      return heldBytes <= MOST_HELD_BYTES;
    };
    answer(request, response, hold)
      .catch(() => reply(response, 500, told("the request could not be handled")))
      .finally(() => {
        heldBytes -= own;
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const found =
        error.code === "EADDRINUSE" ? "is in use" : `cannot be opened (${error.code ?? "unknown"})`;
      reject(
        new Error(
          `port ${port} on ${host} ${found}; set ASSAY_BRIDGE_PORT to a free port, or 0 for any`,
        ),
      );
    });
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  };
  return { url: `http://${host}:${address.port}`, close, [Symbol.asyncDispose]: close };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function later(response: ServerResponse, message: string): void {
  response.setHeader("retry-after", "5");
  reply(response, 503, told(message));
}

function told(message: string): { message: string } {
  return { message };
}

function partial(path: string | undefined, refused: number): object {
  const count =
    path === "/v1/traces" ? { rejectedSpans: refused } : { rejectedLogRecords: refused };
  return {
    partialSuccess: {
      ...count,
      errorMessage: "error events that Sentry refused for good, or that could not be judged",
    },
  };
}

// Asks for room before it keeps more; what has no room is read to its end and dropped, so that the answer is heard.
async function bodyOf(
  request: IncomingMessage,
  hold: (bytes: number) => boolean,
): Promise<Buffer | "too long" | "no room"> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const { length } = chunk as Buffer;
    size += length;
    const problem = size > MOST_BYTES ? "too long" : hold(length) ? undefined : "no room";
    if (problem !== undefined) {
      request.resume();
      return problem;
    }
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks);
  if (request.headers["content-encoding"] !== "gzip") return body;
  try {
    const unzipped = gunzipSync(body, { maxOutputLength: MOST_BYTES });
    return hold(unzipped.length) ? unzipped : "no room";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return "too long";
    return Buffer.from("not gzip"); // answered 400, as any body that cannot be read
  }
}
