/** The value of an attribute or of a log body. Integers beyond 2^53 stay exact as bigint. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | AttributeValue[]
  | { [key: string]: AttributeValue };

/** Attributes of a span, event, link, log record, resource or data point. */
export type Attributes = { readonly [key: string]: AttributeValue };

/** A request is not what OTLP says it is. The message is one sentence. */
export class OtlpError extends Error {
  override name = "OtlpError";
}

type Fields = Record<string, unknown>;

const MAX_DEPTH = 64;

/** The value as an object; an empty one when it is something else. */
export function asObject(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** The value as a list; an empty one when it is absent. Throws OtlpError when it is something else. */
export function asList(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new OtlpError(`${name} is not a list.`);
  return value;
}

/** The value as text; empty when it is something else. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** An integer that JSON may carry as a number or as a string, and protobuf as a bigint. */
export function asInteger(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === "string" && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

/** Reads a list of OTLP key-values. */
export function readAttributes(value: unknown, depth = 0): Attributes {
  return Object.fromEntries(
    asList(value, "attributes").map((item) => {
      const { key, value: any } = asObject(item);
      return [asText(key), readAnyValue(any, depth)];
    }),
  );
}

/** Reads OTLP's AnyValue. */
export function readAnyValue(value: unknown, depth = 0): AttributeValue {
  if (depth > MAX_DEPTH) throw new OtlpError(`A value nests deeper than ${MAX_DEPTH} levels.`);
  const any = asObject(value);
  if (any["intValue"] !== undefined) {
    const integer = asInteger(any["intValue"]);
    if (integer === undefined) return null;
    return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
  }
  if (any["arrayValue"] !== undefined) {
    return asList(asObject(any["arrayValue"])["values"], "values").map((item) =>
      readAnyValue(item, depth + 1),
    );
  }
  if (any["kvlistValue"] !== undefined) {
    return readAttributes(asObject(any["kvlistValue"])["values"], depth + 1);
  }
  const plain = any["stringValue"] ?? any["boolValue"] ?? any["doubleValue"] ?? any["bytesValue"];
  return typeof plain === "string" || typeof plain === "number" || typeof plain === "boolean"
    ? plain
    : null;
}

/** Who sent a batch of spans, log records or metrics. */
export interface Sender {
  resource: Attributes;
  service: string;
  scope: string;
}

/** Walks resources and scopes, and hands every item over with its sender. */
export function eachItem(
  body: unknown,
  [resources, scopes, items]: readonly [string, string, string],
  visit: (item: Fields, sender: Sender) => void,
): void {
  for (const entry of asList(asObject(body)[resources], resources)) {
    const resource = readAttributes(asObject(asObject(entry)["resource"])["attributes"]);
    const service = asText(resource["service.name"]);
    for (const scoped of asList(asObject(entry)[scopes], scopes)) {
      const scope = asText(asObject(asObject(scoped)["scope"])["name"]);
      for (const item of asList(asObject(scoped)[items], items)) {
        visit(asObject(item), { resource, service, scope });
      }
    }
  }
}

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;

/** A trace id in lower case, or undefined when it is none. */
export function asTraceId(value: unknown): string | undefined {
  const id = asText(value).toLowerCase();
  return TRACE_ID.test(id) ? id : undefined;
}

/** A span id in lower case, or undefined when it is none. */
export function asSpanId(value: unknown): string | undefined {
  const id = asText(value).toLowerCase();
  return SPAN_ID.test(id) ? id : undefined;
}

/** About how many bytes a value holds in memory; what the store's cap is counted in. */
export function weigh(value: unknown): number {
  if (typeof value === "string") return 32 + 2 * value.length;
  if (typeof value !== "object" || value === null) return 16;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + weigh(item), 32);
  return Object.entries(value).reduce((sum, [key, item]) => sum + 2 * key.length + weigh(item), 64);
}
