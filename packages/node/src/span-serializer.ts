import {
  type ISerializer,
  JsonTraceSerializer,
  type IExportTraceServiceResponse,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Encoding } from "./encoding.ts";
import { spansToJson } from "./span-json.ts";
import { spansToProtobuf } from "./span-protobuf.ts";

/** Gives what writes spans, and reads what a Collector answers. The bytes are upstream's, in one pass. */
export function spanSerializer(
  encoding: Encoding,
): ISerializer<ReadableSpan[], IExportTraceServiceResponse> {
  const isJson = encoding === "http/json";
  const upstream = isJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  return {
    serializeRequest: isJson ? spansToJson : spansToProtobuf,
    deserializeResponse: (bytes) => upstream.deserializeResponse(bytes),
  };
}
