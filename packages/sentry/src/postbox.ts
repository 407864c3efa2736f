import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { createBlame } from "./blame.ts";
import type { Dsn } from "./dsn.ts";

/** How a server answered; `away` is to be tried again, `refused` is for good. */
export type Answer = "accepted" | "away" | "refused";

export interface Posted {
  answer: Answer;
  /** The server itself failed, with a 5xx; it is not that it cannot be reached or asks us to wait. */
  isServerError: boolean;
  /** Milliseconds that the server asks us to wait, a minute at most. */
  retryAfterMs: number;
}

/**
 * Posts one envelope.
 *
 * Never rejects. The request is not traced, and its socket does not keep the process alive.
 */
export function post(dsn: Dsn, body: Uint8Array, timeoutMs = 10_000): Promise<Posted> {
  return context.with(suppressTracing(context.active()), () => {
    return new Promise<Posted>((resolve) => {
      const send = dsn.url.startsWith("https:") ? httpsRequest : httpRequest;
      const request = send(dsn.url, {
        method: "POST",
        headers: { ...dsn.headers, "content-length": body.byteLength },
        timeout: timeoutMs,
      });
      request.on("socket", (socket) => socket.unref());
      request.on("timeout", () => request.destroy());
      request.on("error", () => resolve(postedOf(undefined, undefined)));
      request.on("response", (response) => {
        const posted = postedOf(response.statusCode, response.headers["retry-after"]);
        response.resume().on("end", () => resolve(posted));
        response.on("error", () => resolve(posted));
      });
      request.end(body);
    });
  });
}

function postedOf(status: number | undefined, retryAfter: string | undefined): Posted {
  const seconds = Number(retryAfter);
  return {
    answer: status === undefined ? "away" : answerOf(status),
    isServerError: status !== undefined && status >= 500,
    retryAfterMs: seconds > 0 ? Math.min(seconds * 1_000, LONGEST_RETRY_AFTER_MS) : 0,
  };
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
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Makes the queue of envelopes: one request at a time, sent again with growing pauses while the server is away. An event on which the server fails goes to the end. */
export function createPostbox({
  dsn,
  onDropped,
  onDiagnostic,
  capacity = 200,
}: PostboxOptions): Postbox {
  const queue: Pending[] = [];
  const blame = createBlame<Pending>();
  const waiting: (() => void)[] = [];
  let isSending = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;

  const settle = (sent: Pending, posted: Posted): void => {
    isSending = false;
    const isGuilty = posted.isServerError && blame.failed(sent);
    const answer = isGuilty ? "refused" : posted.answer;
    const index = queue.indexOf(sent);
    const isHeld = index !== -1;
    if (isHeld && (answer !== "away" || posted.isServerError)) queue.splice(index, 1);
    if (isHeld && answer === "away" && posted.isServerError) queue.push(sent);
    if (answer === "accepted") blame.accepted(sent);
    if (answer === "refused") {
      onDropped("refused", 1);
      onDiagnostic("the server refused an error event; it is lost.");
    }
    if (answer === "away") {
      failures += 1;
      if (failures === 1) {
        onDiagnostic(`errors are not delivered. Up to ${capacity} are held and sent again.`);
      }
      const pause = Math.min(500 * 2 ** failures, LONGEST_RETRY_MS);
      retry = setTimeout(next, Math.max(pause, posted.retryAfterMs)).unref();
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
    void post(dsn, first.body).then((posted) => settle(first, posted));
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
      let isLate = false;
      // Not unref'd, as sockets are: who waits for a flush keeps the process alive for as long as it may take.
      const deadline = setTimeout(() => {
        isLate = true;
        for (const wake of waiting.splice(0)) wake();
      }, timeoutMs);
      next();
      while (queue.length > 0 && failures <= failedBefore && !isLate) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
      clearTimeout(deadline);
      return queue.length === 0;
    },
  };
}
