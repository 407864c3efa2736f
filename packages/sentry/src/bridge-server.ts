import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type BridgeHandlerOptions, createBridgeHandler } from "./bridge-handler.ts";
import { parseDsn } from "./dsn.ts";

export interface ErrorBridgeOptions extends Omit<BridgeHandlerOptions, "projects"> {
  /** `https://PUBLIC_KEY@HOST/PROJECT_ID`, for all errors; or `projects`. */
  dsn?: string;
  /** What the DSN came from, for the sentence when it is wrong. Default: SENTRY_DSN. */
  dsnVariable?: string;
  /** Where the errors of which service go. */
  projects?: BridgeHandlerOptions["projects"];
  host?: string;
  /** 0 takes any free one. */
  port?: number;
}

/** A running bridge. Closes at the end of the block with `await using`. */
export interface ErrorBridge extends AsyncDisposable {
  /** For the Collector's `otlp_http` exporter. */
  url: string;
  /** Takes no more requests, answers those that are under way, and closes. */
  close(): Promise<void>;
}

/**
 * Starts the bridge from the Collector's error route to Sentry: `createBridgeHandler` behind a server of its own.
 *
 * Rejects with one sentence for a wrong DSN or a port in use.
 */
export async function createErrorBridge({
  dsn = "",
  dsnVariable = "SENTRY_DSN",
  projects,
  host = "127.0.0.1",
  port = 4319,
  ...options
}: ErrorBridgeOptions): Promise<ErrorBridge> {
  const handler = createBridgeHandler({
    projects: projects ?? [{ name: "default", dsn: parseDsn(dsn, dsnVariable) }],
    ...options,
  });
  const server = createServer((request, response) => handler.handle(request, response));
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
    // New connections are refused; what comes on an open one is answered 503, and stays in the Collector's queue.
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await handler.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${host}:${address.port}`, close, [Symbol.asyncDispose]: close };
}
