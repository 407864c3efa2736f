import type { AnyValue } from "@opentelemetry/api";

const DEEPEST = 8;
/** Of one log record; what is beyond is left out, so that a whole request in a log line costs little. */
const MOST_VALUES = 512;

/**
 * Copies what an application logged into what a log record can hold.
 *
 * A record is redacted later, off the request, when the object may have changed. Circular references, big integers,
 * dates, errors, maps and getters that throw all have a form; functions and `undefined` have none.
 */
export function logValue(value: unknown): AnyValue {
  return copy(value, { left: MOST_VALUES, above: [] });
}

interface Copying {
  left: number;
  above: object[];
}

function copy(value: unknown, copying: Copying): AnyValue {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
    case "symbol":
      return String(value);
    case "object":
      return value === null ? null : copyObject(value, copying);
    default:
      return undefined;
  }
}

function copyObject(value: object, copying: Copying): AnyValue {
  const { above } = copying;
  if (above.includes(value)) return "[Circular]";
  if (above.length >= DEEPEST) return Array.isArray(value) ? "[Array]" : "[Object]";
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  above.push(value);
  try {
    return copyParts(value, copying);
  } catch {
    return "[unreadable]"; // a proxy or a toJSON that throws, which logging must not pass on
  } finally {
    above.pop();
  }
}

function copyParts(value: object, copying: Copying): AnyValue {
  if (Array.isArray(value)) return copyList(value, copying);
  if (value instanceof Error) {
    const { name, message, stack, cause, ...rest } = value;
    const shown = {
      type: name,
      message,
      stack,
      ...(cause === undefined ? {} : { cause }),
      ...rest,
    };
    return copyEntries(Object.entries(shown), copying);
  }
  if (value instanceof Map) return copyEntries(value.entries(), copying);
  if (value instanceof Set) return copyList([...value], copying);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return copy(Reflect.apply(toJSON, value, [""]), copying);
  return copyEntries(entriesOf(value), copying);
}

function copyList(values: readonly unknown[], copying: Copying): AnyValue[] {
  const copied: AnyValue[] = [];
  for (const value of values) {
    copying.left -= 1;
    if (copying.left < 0) break;
    copied.push(copy(value, copying) ?? null);
  }
  return copied;
}

function copyEntries(
  entries: Iterable<[unknown, unknown]>,
  copying: Copying,
): Record<string, AnyValue> {
  const copied: Record<string, AnyValue> = {};
  for (const [key, value] of entries) {
    copying.left -= 1;
    if (copying.left < 0) break;
    const part = copy(value, copying);
    if (part !== undefined) copied[String(key)] = part;
  }
  return copied;
}

function* entriesOf(value: object): Generator<[string, unknown]> {
  for (const key of Object.keys(value)) {
    try {
      yield [key, (value as Record<string, unknown>)[key]];
    } catch {
      yield [key, "[unreadable]"]; // a getter that throws
    }
  }
}
