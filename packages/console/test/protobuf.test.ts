import {
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { expect, test } from "vitest";
import {
  decodeProtobuf,
  METRICS_REQUEST,
  type Message,
  ProtobufError,
  TRACES_REQUEST,
} from "@assay/otlp";
import { readMetrics } from "../src/otlp-metrics.ts";
import { readTraces } from "../src/otlp-traces.ts";
import { sdkMetrics, sdkSpans } from "./sdk-telemetry.ts";

function parse(bytes: Uint8Array | undefined): unknown {
  return JSON.parse(Buffer.from(bytes!).toString());
}

test("spans of the SDK read the same from protobuf and from JSON", () => {
  const spans = sdkSpans();
  const fromProtobuf = decodeProtobuf(
    ProtobufTraceSerializer.serializeRequest(spans)!,
    TRACES_REQUEST,
  );
  const { items, rejected } = readTraces(fromProtobuf);
  expect({ items, rejected }).toEqual(
    readTraces(parse(JsonTraceSerializer.serializeRequest(spans))),
  );
  expect(items.map(({ name, kind, status, links }) => [name, kind, status, links.length])).toEqual([
    ["initiate collection", "internal", "error", 0],
    ["POST /payments", "server", "unset", 0],
    ["settle collection", "internal", "unset", 1],
  ]);
});

test("metrics of the SDK read the same from protobuf and from JSON", async () => {
  const metrics = await sdkMetrics();
  const fromProtobuf = decodeProtobuf(
    ProtobufMetricsSerializer.serializeRequest(metrics)!,
    METRICS_REQUEST,
  );
  const { items } = readMetrics(fromProtobuf);
  expect(items).toEqual(readMetrics(parse(JsonMetricsSerializer.serializeRequest(metrics))).items);
  expect(items.map(({ metric: { value, count, buckets } }) => ({ value, count, buckets }))).toEqual(
    [
      { value: 3n, count: undefined, buckets: undefined },
      {
        value: undefined,
        count: 1,
        buckets: [
          { upTo: 1, count: 0 },
          { upTo: 5, count: 1 },
          { upTo: Infinity, count: 0 },
        ],
      },
    ],
  );
});

test("bytes cut short or turned over fail with a ProtobufError or read as something, never otherwise", () => {
  const bytes = ProtobufTraceSerializer.serializeRequest(sdkSpans())!;
  const read = (changed: Uint8Array): string => {
    try {
      readTraces(decodeProtobuf(changed, TRACES_REQUEST));
      return "read";
    } catch (error) {
      return error instanceof Error ? error.name : "thrown";
    }
  };
  const results = new Set<string>();
  for (let index = 0; index < bytes.length; index += 1) {
    results.add(read(bytes.subarray(0, index)));
    for (const mask of [0x01, 0x80, 0xff]) {
      const changed = Uint8Array.from(bytes);
      changed[index]! ^= mask;
      results.add(read(changed));
    }
  }
  expect([...results].toSorted()).toEqual(["ProtobufError", "read"]);
});

test("a value nested without end is refused before the stack is gone", () => {
  const ANY: Message = { 5: { name: "arrayValue", type: () => VALUES } };
  const VALUES: Message = { 1: { name: "values", type: () => ANY, repeated: true } };
  let nested = Buffer.alloc(0);
  for (let level = 0; level < 2_000; level += 1) {
    nested = Buffer.concat([
      Buffer.of(level % 2 === 0 ? 0x0a : 0x2a),
      varint(nested.length),
      nested,
    ]);
  }
  expect(() => decodeProtobuf(nested, ANY)).toThrow(
    new ProtobufError("The message nests deeper than 64 levels."),
  );
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
