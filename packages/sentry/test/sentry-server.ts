import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Event } from "@sentry/core";

/** A server that takes envelopes as Sentry does and keeps what it accepted. */
export interface SentryServer extends AsyncDisposable {
  dsn: string;
  /** Bodies of accepted envelopes, as sent. */
  bodies: string[];
  events(): Event[];
  /** From now on answers this status, or what it gives for an envelope's body. */
  answer(status: number | ((body: string) => number), headers?: Record<string, string>): void;
  /** Requests that came, accepted or not. */
  requests(): number;
}

export async function sentryServer(port = 0): Promise<SentryServer> {
  const bodies: string[] = [];
  let decide = (_body: string): number => 200;
  let extra: Record<string, string> = {};
  let requests = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests += 1;
      const body = Buffer.concat(chunks).toString();
      const status = decide(body);
      if (status === 200) bodies.push(body);
      response.writeHead(status, extra).end("{}");
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    dsn: `http://publickey@127.0.0.1:${address.port}/1`,
    bodies,
    events: () => bodies.map((body) => JSON.parse(body.split("\n")[2] ?? "{}") as Event),
    answer(next, headers = {}) {
      decide = typeof next === "number" ? () => next : next;
      extra = headers;
    },
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
