import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { workerData } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import type { ExitRequest, ExitWork } from "./exit-send.ts";
import { createLookup } from "./lookup.ts";
import { otlpTarget } from "./otlp-target.ts";
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
  const { url, headers, compression } = otlpTarget(signal, process.env);
  const agent = url.startsWith("https:")
    ? new HttpsAgent(tlsFiles(signal, process.env))
    : new HttpAgent();
  const type = json ? "application/json" : "application/x-protobuf";
  const all = { ...headers, "Content-Type": type };
  if (compression !== "gzip") return post(url, all, body, agent);
  return post(url, { ...all, "Content-Encoding": "gzip" }, gzipSync(body), agent);
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
