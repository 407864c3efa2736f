import type { IncomingMessage } from "node:http";
import { decodeProtobuf, ProtobufError } from "./protobuf.ts";
import { type BodyLimits, readBody, RequestError } from "./request-body.ts";
import type { OtlpForm, OtlpPath } from "./response.ts";
import { LOGS_REQUEST, METRICS_REQUEST, TRACES_REQUEST } from "./schema.ts";

/** An export request in the shape of OTLP's JSON form. Integers of 64 bits are bigints when it came as protobuf. */
export type Export = Record<string, unknown>;

const SCHEMAS = {
  "/v1/traces": TRACES_REQUEST,
  "/v1/metrics": METRICS_REQUEST,
  "/v1/logs": LOGS_REQUEST,
};

/** The form in which a request came, and in which it is answered. JSON when it says neither. */
export function formOf(request: IncomingMessage): OtlpForm {
  return contentType(request) === "application/x-protobuf" ? "protobuf" : "json";
}

/**
 * Reads one OTLP export request, JSON or protobuf, gzip or not.
 *
 * Throws RequestError with the status and the sentence to answer: 405 for another method, 415 for another content type,
 * what `readBody` throws, and 400 when the body is not OTLP of that form. No part of the body is in the sentence.
 */
export async function readExport(
  request: IncomingMessage,
  path: OtlpPath,
  limits?: BodyLimits,
): Promise<Export> {
  if (request.method !== "POST") throw new RequestError(405, "OTLP is sent by POST.");
  const form = formOf(request);
  if (form === "json" && contentType(request) !== "application/json") {
    throw new RequestError(
      415,
      "The content type must be application/json or application/x-protobuf.",
    );
  }
  const bytes = await readBody(request, limits);
  return form === "json" ? parse(bytes) : decode(bytes, path);
}

function contentType(request: IncomingMessage): string {
  return (request.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
}

function decode(bytes: Buffer, path: OtlpPath): Export {
  try {
    return decodeProtobuf(bytes, SCHEMAS[path]);
  } catch (error) {
    throw error instanceof ProtobufError ? new RequestError(400, error.message) : error;
  }
}

function parse(bytes: Buffer): Export {
  const value = parseJson(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RequestError(400, "The body is not a JSON object.");
  }
  return value as Export;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined; // a parser's message quotes the body
  }
}
