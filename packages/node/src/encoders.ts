import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { Config } from "./config.ts";
import { encodingOf } from "./encoding.ts";
import { spanSerializer } from "./span-serializer.ts";
import type { WrittenSpan } from "./written-span.ts";

/** Writes items as the body of one OTLP request. */
export interface Encoder<Item> {
  signal: "TRACES" | "LOGS";
  json: boolean;
  /** `undefined` when one of the items cannot be written, such as one with NaN for its time. */
  encode(items: readonly Item[]): Uint8Array | undefined;
}

/** Gives the encoder of spans that the configuration asks for. */
export function spanEncoder(config: Config): Encoder<WrittenSpan> {
  const encoding = encodingOf(config.tracesProtocol, config);
  const serializer = spanSerializer(encoding);
  return {
    signal: "TRACES",
    json: encoding === "http/json",
    encode: (items) => orNothing(() => serializer.serializeRequest(items)),
  };
}

/** Gives the encoder of log records that the configuration asks for. */
export function recordEncoder(config: Config): Encoder<ReadableLogRecord> {
  const json = encodingOf(config.logsProtocol, config) === "http/json";
  const serializer = json ? JsonLogsSerializer : ProtobufLogsSerializer;
  return {
    signal: "LOGS",
    json,
    encode: (items) => orNothing(() => serializer.serializeRequest([...items])),
  };
}

function orNothing(encode: () => Uint8Array | undefined): Uint8Array | undefined {
  try {
    return encode();
  } catch {
    return undefined; // counted by the caller once it is known which item it is
  }
}
