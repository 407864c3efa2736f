import { byte, close, double, open, raw, since, text, varint } from "./byte-writer.ts";
import type { AttributeLists } from "./gate-values.ts";
import { internKeys, internValue } from "./interned.ts";

/** The bytes of a key, its tag and length before it and the tag of its value behind it. */
const interned = internKeys<Uint8Array, Uint8Array>((key) => {
  const bytes = Buffer.from(key);
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Uint8Array.of(0x0a, ...length, rest), bytes, Uint8Array.of(0x12)]);
});

/** Writes attributes as OTLP's KeyValue, each with this tag before it. */
export function attributes({ keys, values }: AttributeLists, tag: number): void {
  for (let at = 0; at < keys.length; at += 1) {
    const value = values[at];
    const key = interned(keys[at]!);
    byte(tag);
    const known = key.values?.get(value);
    if (known === undefined) {
      const pair = open();
      raw(key.key);
      const start = open();
      anyValue(value);
      close(start);
      close(pair);
      internValue(key, value, () => since(pair - 1));
    } else raw(known);
  }
}

/** Writes the fields of OTLP's AnyValue; one that it cannot hold is empty. */
function anyValue(value: unknown): void {
  if (typeof value === "string") {
    byte(0x0a);
    text(value);
  } else if (typeof value === "boolean") {
    byte(0x10);
    byte(value ? 1 : 0);
  } else if (typeof value === "number") {
    number(value);
  } else if (value instanceof Uint8Array) {
    byte(0x3a);
    varint(value.length);
    raw(value);
  } else if (Array.isArray(value)) {
    byte(0x2a);
    const start = open();
    for (let at = 0; at < value.length; at += 1) {
      byte(0x0a);
      const item = open();
      anyValue(value[at]);
      close(item);
    }
    close(start);
  } else if (typeof value === "object" && value !== null) {
    byte(0x32);
    const start = open();
    attributes({ keys: Object.keys(value), values: Object.values(value) }, 0x0a);
    close(start);
  }
}

function number(value: number): void {
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) {
    byte(0x18);
    varint(value);
  } else {
    byte(0x21);
    double(value);
  }
}
