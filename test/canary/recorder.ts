import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

/** One request as it left the process that made it. */
export interface Recorded {
  method: string;
  url: string;
  /** Names and values as they came, one pair after the other. */
  rawHeaders: string[];
  /** Decompressed. */
  body: Buffer;
  status: number;
}

/** A proxy that keeps every byte; without `forwardTo` it is the end of the way and answers 200. */
export interface Recorder extends AsyncDisposable {
  url: string;
  requests: Recorded[];
  /** Everything that was received, one latin1 text for each request. */
  texts(): string[];
}

/** Starts a recorder on a free port of loopback. */
export async function startRecorder({ forwardTo }: { forwardTo?: string } = {}): Promise<Recorder> {
  const requests: Recorded[] = [];
  const server = createServer((request, response) => {
    void record(request).then(
      ({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(body);
      },
      (error: unknown) => {
        // The sender repeats it, as it does when a Collector is away.
        response.writeHead(503, { "content-type": "text/plain" }).end(String(error));
      },
    );
  });

  async function record(request: IncomingMessage): Promise<{ status: number; body: Buffer }> {
    const body = await buffer(request);
    const recorded: Recorded = {
      method: request.method ?? "",
      url: request.url ?? "",
      rawHeaders: request.rawHeaders,
      body: decompressed(body, request.headers["content-encoding"]),
      status: 200,
    };
    requests.push(recorded);
    if (forwardTo === undefined) return { status: 200, body: Buffer.from("{}") };
    const answer = await fetch(new URL(recorded.url, forwardTo), {
      method: recorded.method,
      headers: endToEnd(request.headers),
      body,
      signal: AbortSignal.timeout(10_000),
    });
    recorded.status = answer.status;
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    texts: () =>
      requests.map(({ method, url, rawHeaders, body }) =>
        [`${method} ${url}`, ...rawHeaders, body.toString("latin1")].join("\n"),
      ),
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

/** The headers without those that belong to the one connection. */
function endToEnd(headers: IncomingMessage["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || /^(?:host|connection|content-length|transfer-encoding)$/.test(name)
        ? []
        : [[name, String(value)]],
    ),
  );
}

function decompressed(body: Buffer, encoding = "identity"): Buffer {
  switch (encoding) {
    case "identity":
      return body;
    case "gzip":
      return gunzipSync(body);
    case "deflate":
      return inflateSync(body);
    case "br":
      return brotliDecompressSync(body);
    default:
      throw new Error(`The recorder cannot read content-encoding ${encoding}.`);
  }
}
