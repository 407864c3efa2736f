import type { AttributeLists } from "./gate-values.ts";
import { internKeys, internValue } from "./interned.ts";

const interned = internKeys<string, string>((key) => `{"key":${JSON.stringify(key)},"value":`);

/** Gives attributes as the list of OTLP's KeyValue in JSON. */
export function attributesJson({ keys, values }: AttributeLists): string {
  let json = "";
  for (let at = 0; at < keys.length; at += 1) {
    const value = values[at];
    const key = interned(keys[at]!);
    let pair = key.values?.get(value);
    if (pair === undefined) {
      pair = `${key.key}${valueJson(value)}}`;
      // One piece: what is put together of pieces is put together again each time.
      internValue(key, value, () => Buffer.from(pair!).toString());
    }
    json += at === 0 ? pair : `,${pair}`;
  }
  return `[${json}]`;
}

/** Gives a value as OTLP's AnyValue in JSON; one that it cannot hold is empty. */
export function valueJson(value: unknown): string {
  if (typeof value === "string") return `{"stringValue":"${escaped(value)}"}`;
  if (isInteger(value)) return `{"intValue":${value}}`;
  // NaN and the infinities become null, as JSON has no word for them.
  if (typeof value === "number") return `{"doubleValue":${JSON.stringify(value)}}`;
  if (typeof value === "boolean") return `{"boolValue":${value}}`;
  if (typeof value !== "object" || value === null) return "{}";
  if (value instanceof Uint8Array) return `{"bytesValue":"${base64(value)}"}`;
  if (Array.isArray(value)) {
    // Not map, which leaves holes out.
    const values = Array.from(value, (item) => valueJson(item));
    return `{"arrayValue":{"values":[${values.join(",")}]}}`;
  }
  const lists = { keys: Object.keys(value), values: Object.values(value) };
  return `{"kvlistValue":{"values":${attributesJson(lists)}}}`;
}

/** Gives a text in quotes. */
export function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

// eslint-disable-next-line no-control-regex -- JSON escapes control characters
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

function escaped(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

// What is larger is an integer without being one of 64 bits, and the Collector refuses the batch.
function isInteger(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= -(2 ** 63) && (value as number) < 2 ** 63;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
