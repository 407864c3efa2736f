import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Dsn } from "./dsn.ts";

/** How a server answered; `away` is to be tried again, `refused` is for good. */
export type Answer = "accepted" | "away" | "refused";

/**
 * Posts one envelope.
 *
 * Never rejects. The request is not traced, and its socket does not keep the process alive.
 */
export function post(dsn: Dsn, body: Uint8Array, timeoutMs = 10_000): Promise<Answer> {
  return context.with(suppressTracing(context.active()), () => {
    return new Promise<Answer>((resolve) => {
      const send = dsn.url.startsWith("https:") ? httpsRequest : httpRequest;
      const request = send(dsn.url, {
        method: "POST",
        headers: { ...dsn.headers, "content-length": body.byteLength },
        timeout: timeoutMs,
      });
      request.on("socket", (socket) => socket.unref());
      request.on("timeout", () => request.destroy());
      request.on("error", () => resolve("away"));
      request.on("response", (response) => {
        const status = response.statusCode ?? 500;
        response.resume().on("end", () => resolve(answerOf(status)));
        response.on("error", () => resolve(answerOf(status)));
      });
      request.end(body);
    });
  });
}

function answerOf(status: number): Answer {
  if (status < 300) return "accepted";
  return status === 408 || status === 429 || status >= 500 ? "away" : "refused";
}

/** An envelope on its way. */
export interface Pending {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Envelopes that are not acknowledged. */
export interface Postbox {
  put(body: Uint8Array): void;
  pending(): readonly Pending[];
  /** Waits until all is accepted or an attempt fails, `timeoutMs` at most. */
  flush(timeoutMs: number): Promise<boolean>;
}

export interface PostboxOptions {
  dsn: Dsn;
  onDropped: (reason: string, count: number) => void;
  onDiagnostic: (sentence: string) => void;
  /** Envelopes held at most; the oldest go first. */
  capacity?: number;
}

const LONGEST_RETRY_MS = 30_000;

/** Makes the queue of envelopes: one request at a time, sent again with growing pauses while the server is away. */
export function createPostbox({
  dsn,
  onDropped,
  onDiagnostic,
  capacity = 200,
}: PostboxOptions): Postbox {
  const queue: Pending[] = [];
  const waiting: (() => void)[] = [];
  let isSending = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;

  const settle = (sent: Pending, answer: Answer): void => {
    isSending = false;
    const index = queue.indexOf(sent);
    if (answer !== "away" && index !== -1) queue.splice(index, 1);
    if (answer === "refused") {
      onDropped("refused", 1);
      onDiagnostic("the server refused an error event; it is lost.");
    }
    if (answer === "away") {
      failures += 1;
      if (failures === 1) {
        onDiagnostic(`errors are not delivered. Up to ${capacity} are held and sent again.`);
      }
      retry = setTimeout(next, Math.min(500 * 2 ** failures, LONGEST_RETRY_MS)).unref();
    } else {
      if (failures > 0) onDiagnostic("errors are delivered again.");
      failures = 0;
      next();
    }
    for (const wake of waiting.splice(0)) wake();
  };

  const next = (): void => {
    clearTimeout(retry);
    const first = queue[0];
    if (isSending || first === undefined) return;
    isSending = true;
    void post(dsn, first.body).then((answer) => settle(first, answer));
  };

  return {
    put(body) {
      queue.push({ url: dsn.url, headers: dsn.headers, body });
      if (queue.length > capacity) {
        queue.shift();
        onDropped("queue_full", 1);
      }
      if (failures === 0) next();
    },
    pending: () => queue,
    async flush(timeoutMs) {
      const failedBefore = failures;
      const deadline = AbortSignal.timeout(timeoutMs);
      next();
      while (queue.length > 0 && failures <= failedBefore && !deadline.aborted) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          deadline.addEventListener("abort", () => resolve(), { once: true });
        });
      }
      return queue.length === 0;
    },
  };
}
