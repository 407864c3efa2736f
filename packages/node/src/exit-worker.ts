import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { workerData } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { convertLegacyHttpOptions } from "@opentelemetry/otlp-exporter-base/node-http";
import type { ExitRequest, ExitWork } from "./exit-send.ts";
import { createLookup } from "./lookup.ts";
import { tlsFiles } from "./tls-files.ts";

const { requests, state } = workerData as ExitWork;

void Promise.allSettled(requests.map((request) => send(request))).then((results) => {
  const delivered = results.filter((result) => result.status === "fulfilled" && result.value);
  Atomics.store(state, 1, delivered.length);
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
});

async function send(request: ExitRequest): Promise<boolean> {
  if (!("signal" in request)) return post(request.url, request.headers, request.body);
  const { signal, json, body } = request;
  // The body is serialised already; URL, headers and certificates are read from the environment as upstream does.
  const options = convertLegacyHttpOptions({}, signal, `v1/${signal.toLowerCase()}`, {
    "Content-Type": json ? "application/json" : "application/x-protobuf",
  });
  // Not upstream's: it goes on without a file that cannot be read.
  const agent = options.url.startsWith("https:")
    ? new HttpsAgent(tlsFiles(signal))
    : new HttpAgent();
  const headers = await options.headers();
  if (options.compression !== "gzip") return post(options.url, headers, body, agent);
  return post(options.url, { ...headers, "Content-Encoding": "gzip" }, gzipSync(body), agent);
}

function post(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array,
  agent?: HttpAgent,
): Promise<boolean> {
  return new Promise((resolve) => {
    const request = url.startsWith("https:") ? httpsRequest : httpRequest;
    request(url, { method: "POST", headers, agent, lookup: createLookup() }, (response) => {
      response.resume().on("end", () => resolve((response.statusCode ?? 500) < 300));
    })
      .on("error", () => resolve(false))
      .end(body);
  });
}
