import { type IncomingHttpHeaders, request as httpRequest } from "node:http";
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
  /** The HTTP status; undefined when there was no answer. */
  status: number | undefined;
  /** What the answer says about limits, in the form that @sentry/core reads. */
  limitHeaders: { "x-sentry-rate-limits": string | null; "retry-after": string | null };
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
      request.on("error", () => resolve(postedOf(undefined, {})));
      request.on("response", (response) => {
        const posted = postedOf(response.statusCode, response.headers);
        response.resume().on("end", () => resolve(posted));
        response.on("error", () => resolve(posted));
      });
      request.end(body);
    });
  });
}

function postedOf(status: number | undefined, headers: IncomingHttpHeaders): Posted {
  const retryAfter = headers["retry-after"];
  const limits = headers["x-sentry-rate-limits"];
  const seconds = Number(retryAfter);
  return {
    answer: status === undefined ? "away" : answerOf(status),
    isServerError: status !== undefined && status >= 500,
    retryAfterMs: seconds > 0 ? Math.min(seconds * 1_000, LONGEST_RETRY_AFTER_MS) : 0,
    status,
    limitHeaders: {
      "x-sentry-rate-limits": limits === undefined ? null : String(limits),
      "retry-after": retryAfter ?? null,
    },
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
  /** Envelopes held at most; those that come on top are refused and counted. */
  capacity?: number;
  /** Bytes of envelopes held at most. */
  capacityBytes?: number;
}

const LONGEST_RETRY_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Requests that are under way at once; one while the server is away. */
const MOST_REQUESTS = 4;

/**
 * Makes the queue of envelopes: a few requests at a time, sent again with growing pauses while the server is away.
 *
 * An event on which the server fails goes to the end.
 */
export function createPostbox({
  dsn,
  onDropped,
  onDiagnostic,
  capacity = 5_000,
  capacityBytes = 16 * 1024 * 1024,
}: PostboxOptions): Postbox {
  const queue: Pending[] = [];
  let queuedBytes = 0;
  const sending = new Set<Pending>();
  const blame = createBlame<Pending>();
  const waiting: (() => void)[] = [];
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let retryAt = 0;
  let notBefore = 0;

  const pause = (retryAfterMs: number): void => {
    // What was under way at the same time failed for the same reason.
    if (retry === undefined) failures += 1;
    if (retry === undefined && failures === 1) {
      const megabytes = Math.ceil(capacityBytes / 1024 / 1024);
      onDiagnostic(
        `errors are not delivered. Up to ${capacity}, or ${megabytes} MB, are held and sent again.`,
      );
    }
    const now = performance.now();
    notBefore = Math.max(notBefore, now + retryAfterMs);
    const at = Math.max(now + Math.min(500 * 2 ** failures, LONGEST_RETRY_MS), notBefore);
    if (retry !== undefined && at <= retryAt) return;
    clearTimeout(retry);
    retryAt = at;
    retry = setTimeout(next, at - now).unref();
  };

  const settle = (sent: Pending, posted: Posted): void => {
    sending.delete(sent);
    const isGuilty = posted.isServerError && blame.failed(sent);
    const answer = isGuilty ? "refused" : posted.answer;
    if (answer !== "away" || posted.isServerError) queue.splice(queue.indexOf(sent), 1);
    if (answer === "away" && posted.isServerError) queue.push(sent);
    if (answer !== "away") queuedBytes -= sent.body.byteLength;
    if (answer === "accepted") blame.accepted(sent);
    if (answer === "refused") {
      onDropped("refused", 1);
      onDiagnostic("the server refused an error event; it is lost.");
    }
    if (answer === "away") pause(posted.retryAfterMs);
    else if (performance.now() >= notBefore) {
      if (failures > 0) onDiagnostic("errors are delivered again.");
      failures = 0;
      next();
    }
    for (const wake of waiting.splice(0)) wake();
  };

  const next = (): void => {
    clearTimeout(retry);
    retry = undefined;
    const most = failures === 0 ? MOST_REQUESTS : 1;
    for (const pending of queue) {
      if (sending.size >= most) return;
      if (sending.has(pending)) continue;
      sending.add(pending);
      void post(dsn, pending.body).then((posted) => settle(pending, posted));
    }
  };

  return {
    put(body) {
      // The oldest are kept: the first errors of a burst say what began it.
      const bytes = queuedBytes + body.byteLength;
      if (queue.length >= capacity || bytes > capacityBytes) return onDropped("queue_full", 1);
      queuedBytes = bytes;
      queue.push({ url: dsn.url, headers: dsn.headers, body });
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
