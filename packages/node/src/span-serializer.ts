import {
  type IExportTraceServiceResponse,
  type ISerializer,
  JsonTraceSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { Encoding } from "./encoding.ts";
import { joinJson } from "./span-json.ts";
import { joinProtobuf } from "./span-protobuf.ts";
import type { WrittenSpan } from "./written-span.ts";

/** Gives what makes a request of written spans, and reads what a Collector answers. The bytes are those of upstream's. */
export function spanSerializer(
  encoding: Encoding,
): ISerializer<readonly WrittenSpan[], IExportTraceServiceResponse> {
  const isJson = encoding === "http/json";
  const upstream = isJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  return {
    serializeRequest: isJson ? joinJson : joinProtobuf,
    deserializeResponse: (bytes) => upstream.deserializeResponse(bytes),
  };
}
