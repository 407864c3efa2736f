import type { IncomingMessage, ServerResponse } from "node:http";
import {
  formOf,
  isOtlpPath,
  type OtlpPath,
  readBody,
  readExport,
  RequestError,
  sendExported,
  sendProblem,
} from "@assay/otlp";
import { EnvelopeError, parseEnvelope, parseObject } from "./envelope.ts";
import { readLogs } from "./otlp-logs.ts";
import { readMetrics } from "./otlp-metrics.ts";
import { readTraces } from "./otlp-traces.ts";
import { OtlpError } from "./otlp-values.ts";
import { readSentryEvent } from "./sentry-event.ts";
import type { WritableStore } from "./store.ts";

const ENVELOPE_PATH = /^\/api\/[^/]+\/envelope\/?$/;

/**
 * Takes one request into the store and answers it. Never throws, and never writes a payload anywhere.
 * Returns whether something was taken.
 */
export async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  store: WritableStore,
): Promise<boolean> {
  const form = formOf(request);
  try {
    const path = (request.url ?? "/").split("?")[0]!;
    const isOtlp = isOtlpPath(path);
    if (!isOtlp && !ENVELOPE_PATH.test(path)) {
      throw new RequestError(
        404,
        "The console takes /v1/traces, /v1/metrics, /v1/logs and /api/<project>/envelope/.",
      );
    }
    if (request.method !== "POST") throw new RequestError(405, "The console takes POST only.");
    if (isOtlp) await receiveOtlp(request, response, { path, store });
    else await receiveEnvelope(request, response, store);
    return true;
  } catch (error) {
    request.resume();
    const { status, sentence } = describe(error);
    if (status === 405) response.setHeader("allow", "POST");
    if (status === 413) response.setHeader("connection", "close");
    if (status >= 400 && status !== 404) store.countInvalid(1);
    sendProblem(response, { status, form, sentence });
    return false;
  }
}

function describe(error: unknown): { status: number; sentence: string } {
  if (error instanceof RequestError) return { status: error.status, sentence: error.message };
  if (error instanceof OtlpError || error instanceof EnvelopeError) {
    return { status: 400, sentence: error.message };
  }
  // A fault of ours. Its message may hold a part of the payload, so only its type is told.
  const type = error instanceof Error ? error.name : typeof error;
  return { status: 500, sentence: `The console failed with ${type}; please report it.` };
}

const READERS = {
  "/v1/traces": (body: unknown, store: WritableStore): number => {
    const { items, rejected } = readTraces(body);
    store.addSpans(items);
    return rejected;
  },
  "/v1/metrics": (body: unknown, store: WritableStore): number => {
    const { items, rejected } = readMetrics(body);
    store.addPoints(items);
    return rejected;
  },
  "/v1/logs": (body: unknown, store: WritableStore): number => {
    const { items, rejected } = readLogs(body);
    store.addLogs(items);
    return rejected;
  },
};

async function receiveOtlp(
  request: IncomingMessage,
  response: ServerResponse,
  { path, store }: { path: OtlpPath; store: WritableStore },
): Promise<void> {
  const rejected = READERS[path](await readExport(request, path), store);
  store.countInvalid(rejected);
  sendExported(response, { path, form: formOf(request), rejected });
}

async function receiveEnvelope(
  request: IncomingMessage,
  response: ServerResponse,
  store: WritableStore,
): Promise<void> {
  const { header, items } = parseEnvelope(await readBody(request));
  const events = items
    .filter(({ type }) => type === "event")
    .map(({ payload }) => parseObject(payload));
  if (events.includes(undefined)) {
    throw new RequestError(400, "The payload of an event item is not a JSON object.");
  }
  const receivedNs = BigInt(Date.now()) * 1_000_000n;
  for (const event of events) store.addError(readSentryEvent(event ?? {}, receivedNs));
  for (const { type } of items) store.countEnvelopeItem(type);
  const id = typeof header["event_id"] === "string" ? header["event_id"] : undefined;
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(id === undefined ? {} : { id }));
}
