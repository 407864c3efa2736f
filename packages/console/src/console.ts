import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { isIPv4, type AddressInfo } from "node:net";
import { ConsoleError } from "./console-error.ts";
import { receive } from "./receive.ts";
import { createStore, type TelemetryStore } from "./store.ts";

/** How the console listens and how much it holds. */
export interface ConsoleOptions {
  /** A loopback address; anything else is refused. */
  host?: string;
  /** 0 takes any free port. */
  port?: number;
  /** Spans held; beyond them whole traces are dropped, the oldest first. */
  maxSpans?: number;
  /** Errors held from Sentry envelopes. */
  maxErrors?: number;
  /** Called after something was taken; at once, so gather calls before drawing. */
  onChange?: () => void;
}

/** A running console. Closes at the end of the block with `await using`. */
export interface AssayConsole extends AsyncDisposable {
  /** OTLP endpoint, for OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string;
  /** Sentry DSN that points at the console, for SENTRY_DSN. */
  dsn: string;
  store: TelemetryStore;
  close(): Promise<void>;
}

/**
 * Starts a receiver for OTLP over HTTP and Sentry envelopes on loopback, in memory.
 *
 * Rejects with a ConsoleError of one sentence when the host is not loopback or the port is in use.
 *
 * @example await using assay = await startConsole({ port: 0 });
 */
export async function startConsole({
  host = "127.0.0.1",
  port = 4318,
  maxSpans = 20_000,
  maxErrors = 1_000,
  onChange = () => {},
}: ConsoleOptions = {}): Promise<AssayConsole> {
  if (!isLoopback(host)) {
    throw new ConsoleError(
      "ASSAY_CONSOLE_HOST_NOT_LOOPBACK",
      `The console's host is ${JSON.stringify(host)}; use 127.0.0.1, ::1 or localhost, for it takes telemetry without asking who sends it.`,
    );
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ConsoleError(
      "ASSAY_CONSOLE_PORT_INVALID",
      `The console's port is ${port}; use a whole number from 0 to 65535.`,
    );
  }
  const store = createStore({ maxSpans, maxErrors });
  const server = createServer((request, response) => {
    void receive(request, response, store).then((isTaken) => {
      if (isTaken) notify(onChange);
    });
  });
  await listen(server, host, port);
  const { address, port: bound, family } = server.address() as AddressInfo;
  const authority = `${family === "IPv6" ? `[${address}]` : address}:${bound}`;

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeServer(server));
  return {
    url: `http://${authority}`,
    dsn: `http://assay@${authority}/1`,
    store,
    close,
    [Symbol.asyncDispose]: close,
  };
}

// The sender has its answer already; a fault of the listener must not end the process.
function notify(onChange: () => void): void {
  try {
    onChange();
  } catch (error) {
    process.emitWarning(`The console's onChange failed: ${String(error)}`);
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port });
  try {
    await once(server, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new ConsoleError(
        "ASSAY_CONSOLE_PORT_IN_USE",
        `Port ${port} on ${host} is in use; stop what listens there, or use another port.`,
        { cause: error },
      );
    }
    throw new ConsoleError(
      "ASSAY_CONSOLE_LISTEN_FAILED",
      `The console cannot listen on ${host} port ${port} (${code}); use another port.`,
      { cause: error },
    );
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
