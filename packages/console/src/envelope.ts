/** An item of a Sentry envelope: its header and the bytes of its payload. */
export interface EnvelopeItem {
  type: string;
  payload: Buffer;
}

/** A Sentry envelope. */
export interface Envelope {
  header: Record<string, unknown>;
  items: EnvelopeItem[];
}

/** The bytes are not a Sentry envelope. The message is one sentence. */
export class EnvelopeError extends Error {
  override name = "EnvelopeError";
}

const NEWLINE = 0x0a;

/**
 * Reads a Sentry envelope: a header line, then items of a header line and a payload each.
 *
 * A payload is as long as its header's `length` says, newlines included, and is followed by a
 * newline or the end; without `length` it ends at the next newline or the end. Empty lines after
 * an item are passed over. Throws EnvelopeError on anything else.
 */
export function parseEnvelope(bytes: Buffer): Envelope {
  let position = 0;
  const line = (): Buffer => {
    const found = bytes.indexOf(NEWLINE, position);
    const end = found === -1 ? bytes.length : found;
    const result = bytes.subarray(position, end);
    position = end + 1;
    return result;
  };

  const header = parseHeader(line(), "The envelope header");
  const items: EnvelopeItem[] = [];
  while (position < bytes.length) {
    if (bytes[position] === NEWLINE) {
      position += 1;
      continue;
    }
    const { type, length } = parseHeader(line(), "An item header");
    if (typeof type !== "string") throw new EnvelopeError("An item header has no type.");
    if (length === undefined || length === null) {
      items.push({ type, payload: line() });
      continue;
    }
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) {
      throw new EnvelopeError("An item's length is not a number of bytes.");
    }
    const end = position + length;
    if (end > bytes.length) throw new EnvelopeError("An item is shorter than its length says.");
    if (end < bytes.length && bytes[end] !== NEWLINE) {
      throw new EnvelopeError("An item is longer than its length says.");
    }
    items.push({ type, payload: bytes.subarray(position, end) });
    position = end + 1;
  }
  return { header, items };
}

function parseHeader(bytes: Buffer, what: string): Record<string, unknown> {
  const header = parseObject(bytes);
  if (header === undefined) throw new EnvelopeError(`${what} is not a JSON object.`);
  return header;
}

/** The bytes as a JSON object, or undefined when they are none. */
export function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
