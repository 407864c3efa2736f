/** What a benchmark's span carries. */
export interface PlainSpan {
  name: string;
  attributes: readonly (readonly [key: string, value: string | number])[];
}

/** One trace request in protobuf, as opentelemetry-proto's ExportTraceServiceRequest numbers its fields. */
export function traceBytes(spans: readonly PlainSpan[]): Uint8Array<ArrayBuffer> {
  const scope = field(1, text(1, "bench"));
  const resource = field(1, field(1, keyValue("service.name", "bench")));
  const scopeSpans = field(2, scope, ...spans.map((span) => field(2, ...spanFields(span))));
  return Uint8Array.from(field(1, resource, scopeSpans));
}

const START = 1_763_720_130_000_000_000n;

function spanFields({ name, attributes }: PlainSpan): Buffer[] {
  return [
    field(1, randomBytes(16)),
    field(2, randomBytes(8)),
    text(5, name),
    Buffer.from([6 << 3, 2]),
    fixed64(7, START),
    fixed64(8, START + 5_000_000n),
    ...attributes.map(([key, value]) => field(9, keyValue(key, value))),
  ];
}

function keyValue(key: string, value: string | number): Buffer {
  const any =
    typeof value === "string"
      ? text(1, value)
      : Buffer.concat([Buffer.from([3 << 3]), varint(BigInt(value))]);
  return Buffer.concat([text(1, key), field(2, any)]);
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value));
}

function field(number: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(BigInt(content.length)), content]);
}

function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = (number << 3) | 1;
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7n) {
    if (left < 128n) return Buffer.from([...bytes, Number(left)]);
    bytes.push(Number(left & 127n) | 128);
  }
}

function randomBytes(count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(Math.random() * 256)));
}
