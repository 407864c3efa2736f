import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { convertLegacyHttpOptions } from "@opentelemetry/otlp-exporter-base/node-http";
import { createLookup } from "./lookup.ts";
import { tlsFiles } from "./tls-files.ts";

/** A body that is OTLP already. */
export interface OtlpBody {
  signal: "TRACES" | "LOGS";
  json: boolean;
  body: Uint8Array;
}

/**
 * Sends what is encoded already to where the environment says; resolves to the status of the answer, and rejects when
 * there is none. `unref`: the connection does not keep the process alive.
 */
export async function postOtlp(
  { signal, json, body }: OtlpBody,
  { unref = false }: { unref?: boolean } = {},
): Promise<number> {
  // URL, headers and certificates are read from the environment as upstream does.
  const options = convertLegacyHttpOptions({}, signal, `v1/${signal.toLowerCase()}`, {
    "Content-Type": json ? "application/json" : "application/x-protobuf",
  });
  // Not upstream's: it goes on without a file that cannot be read.
  const agent = options.url.startsWith("https:")
    ? new HttpsAgent(tlsFiles(signal))
    : new HttpAgent();
  const headers = await options.headers();
  const given = { agent, unref, timeoutMs: options.timeoutMillis };
  if (options.compression !== "gzip") return post(options.url, headers, body, given);
  return post(options.url, { ...headers, "Content-Encoding": "gzip" }, gzipSync(body), given);
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
