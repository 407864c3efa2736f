/** How the bytes of a field are read. A nested message is given as a function, so that it may be recursive. */
export type FieldType =
  | "string"
  | "hex"
  | "base64"
  | "bool"
  | "uint32"
  | "int64"
  | "sint32"
  | "fixed32"
  | "fixed64"
  | "sfixed64"
  | "double"
  | (() => Message);

/** One field of a message: its name in OTLP's JSON form, and how to read it. */
export interface Field {
  name: string;
  type: FieldType;
  repeated?: boolean;
}

/** The fields of a message, by their numbers. Fields that are not listed are skipped. */
export type Message = Readonly<Record<number, Field>>;

/** The bytes are not the protobuf message that they should be. The message is one sentence. */
export class ProtobufError extends Error {
  override name = "ProtobufError";
}

// AnyValue may nest without end; a sender does not need more than this, and the stack would not hold it.
const MAX_DEPTH = 64;
// Two bytes can make an empty message, so 20 MiB could make ten million objects.
const MAX_VALUES = 2_000_000;

const utf8 = new TextDecoder();

interface Cursor {
  readonly bytes: Buffer;
  position: number;
  values: number;
}

/**
 * Reads protobuf's wire format into the shape of OTLP's JSON form.
 *
 * Integers of 64 bits become bigint, trace and span ids hexadecimal, other bytes base64. Throws
 * ProtobufError when the bytes end too early, nest too deep or hold a wire type that does not fit.
 */
export function decodeProtobuf(bytes: Uint8Array, message: Message): Record<string, unknown> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return readMessage({ bytes: buffer, position: 0, values: 0 }, buffer.length, message, 0);
}

function readMessage(
  cursor: Cursor,
  end: number,
  message: Message,
  depth: number,
): Record<string, unknown> {
  if (depth > MAX_DEPTH) {
    throw new ProtobufError(`The message nests deeper than ${MAX_DEPTH} levels.`);
  }
  const result: Record<string, unknown> = {};
  while (cursor.position < end) {
    const tag = Number(readVarint(cursor, end));
    const wire = tag & 7;
    const field = message[Math.floor(tag / 8)];
    if (field === undefined) {
      skip(cursor, end, wire);
    } else if (field.repeated === true && wire === 2 && isPackable(field.type)) {
      const stop = readLength(cursor, end);
      while (cursor.position < stop) append(result, field, readScalar(cursor, stop, field.type));
    } else {
      const value = readField(cursor, end, wire, field, depth);
      if (field.repeated === true) append(result, field, value);
      else result[field.name] = value;
    }
    if ((cursor.values += 1) > MAX_VALUES) {
      throw new ProtobufError(`The message holds more than ${MAX_VALUES} values.`);
    }
  }
  return result;
}

function append(result: Record<string, unknown>, field: Field, value: unknown): void {
  const list = (result[field.name] ??= []) as unknown[];
  list.push(value);
}

function readField(
  cursor: Cursor,
  end: number,
  wire: number,
  { name, type }: Field,
  depth: number,
): unknown {
  if (wire !== wireOf(type)) {
    throw new ProtobufError(`Field ${name} has wire type ${wire} instead of ${wireOf(type)}.`);
  }
  if (wire !== 2) return readScalar(cursor, end, type);
  const stop = readLength(cursor, end);
  if (typeof type === "function") return readMessage(cursor, stop, type(), depth + 1);
  const bytes = cursor.bytes.subarray(cursor.position, stop);
  cursor.position = stop;
  return type === "string" ? utf8.decode(bytes) : bytes.toString(type === "hex" ? "hex" : "base64");
}

function wireOf(type: FieldType): number {
  switch (type) {
    case "bool":
    case "uint32":
    case "int64":
    case "sint32":
      return 0;
    case "fixed64":
    case "sfixed64":
    case "double":
      return 1;
    case "fixed32":
      return 5;
    default:
      return 2;
  }
}

function isPackable(type: FieldType): boolean {
  return wireOf(type) !== 2;
}

function readScalar(cursor: Cursor, end: number, type: FieldType): unknown {
  if (wireOf(type) === 0) {
    const value = readVarint(cursor, end);
    if (type === "bool") return value !== 0n;
    if (type === "int64") return BigInt.asIntN(64, value);
    if (type === "uint32") return Number(BigInt.asUintN(32, value));
    return Number(BigInt.asIntN(32, (value >> 1n) ^ -(value & 1n)));
  }
  const start = cursor.position;
  advance(cursor, end, type === "fixed32" ? 4 : 8);
  if (type === "fixed32") return cursor.bytes.readUInt32LE(start);
  if (type === "double") return cursor.bytes.readDoubleLE(start);
  return type === "sfixed64"
    ? cursor.bytes.readBigInt64LE(start)
    : cursor.bytes.readBigUInt64LE(start);
}

function readVarint(cursor: Cursor, end: number): bigint {
  let small = 0;
  let value = 0n;
  for (let index = 0; index < 10; index += 1) {
    const byte = cursor.bytes[cursor.position];
    if (byte === undefined || cursor.position >= end) {
      throw new ProtobufError("The message ends in the middle of a number.");
    }
    cursor.position += 1;
    // Four groups of seven bits fit an integer; bigint arithmetic is only paid for beyond them.
    if (index < 4) small |= (byte & 0x7f) << (7 * index);
    else value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return value | BigInt(small);
  }
  throw new ProtobufError("A number is longer than ten bytes.");
}

function readLength(cursor: Cursor, end: number): number {
  const length = readVarint(cursor, end);
  if (length > BigInt(end - cursor.position)) {
    throw new ProtobufError("A field is longer than the message that holds it.");
  }
  return cursor.position + Number(length);
}

function skip(cursor: Cursor, end: number, wire: number): void {
  if (wire === 0) readVarint(cursor, end);
  else if (wire === 1) advance(cursor, end, 8);
  else if (wire === 2) cursor.position = readLength(cursor, end);
  else if (wire === 5) advance(cursor, end, 4);
  else throw new ProtobufError(`Wire type ${wire} is not used by OTLP.`);
}

function advance(cursor: Cursor, end: number, length: number): void {
  if (cursor.position + length > end) {
    throw new ProtobufError("The message ends in the middle of a value.");
  }
  cursor.position += length;
}
