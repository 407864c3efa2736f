import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { createLookup } from "./lookup.ts";
import { otlpTarget } from "./otlp-target.ts";
import { tlsFiles } from "./tls-files.ts";

/** A body that is OTLP already. */
export interface OtlpBody {
  signal: "TRACES" | "LOGS";
  json: boolean;
  body: Uint8Array;
}

/**
 * Sends what is encoded already to where `env` says; resolves to the status of the answer, and rejects when there is
 * none. `unref`: the connection does not keep the process alive.
 */
export async function postOtlp(
  { signal, json, body }: OtlpBody,
  { unref = false, env = process.env }: { unref?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<number> {
  const { url, headers, timeoutMs, compression } = otlpTarget(signal, env);
  const agent = url.startsWith("https:") ? new HttpsAgent(tlsFiles(signal, env)) : new HttpAgent();
  const type = json ? "application/json" : "application/x-protobuf";
  const all = { ...headers, "Content-Type": type };
  const given = { agent, unref, timeoutMs };
  if (compression !== "gzip") return post(url, all, body, given);
  return post(url, { ...all, "Content-Encoding": "gzip" }, gzipSync(body), given);
}

/** Sends a body to a URL; resolves to the status of the answer. */
export function post(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array,
  { agent, unref = false, timeoutMs }: { agent?: HttpAgent; unref?: boolean; timeoutMs?: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const signal = timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) };
    const options = { method: "POST", headers, agent, lookup: createLookup(), ...signal };
    const request = send(url, options, (response) => {
      response
        .on("error", reject)
        .resume()
        .on("end", () => resolve(response.statusCode ?? 500));
    });
    if (unref) request.on("socket", (socket: Socket) => socket.unref());
    request.on("error", reject).end(body);
  });
}
