const LEAST_BYTES = 64 * 1024;
// What a native call costs is what so many characters cost one by one.
const FEW = 24;

let buffer = Buffer.allocUnsafeSlow(LEAST_BYTES);
let position = 0;

/** Starts a message from nothing. */
export function begin(): void {
  position = 0;
}

/** Gives what has been written, as bytes of their own. */
export function written(): Uint8Array {
  return since(0);
}

/** Gives what has been written since `start`, as bytes of their own. */
export function since(start: number): Uint8Array {
  return Buffer.from(buffer.subarray(start, position));
}

// Each of what writes one thing asks for its bytes first.
function ensure(bytes: number): void {
  if (position + bytes <= buffer.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, position + bytes));
  buffer.copy(larger, 0, 0, position);
  buffer = larger;
}

/** Writes one byte, such as a tag below 16. */
export function byte(value: number): void {
  ensure(1);
  buffer[position++] = value;
}

/** Leaves room for a length, which `close` fills in. */
export function open(): number {
  ensure(1);
  position += 1;
  return position;
}

/** Writes the length of what follows `start`; what is longer than 127 bytes is moved for it. */
export function close(start: number): void {
  const length = position - start;
  if (length < 128) {
    buffer[start - 1] = length;
    return;
  }
  let more = 1;
  for (let rest = length >>> 14; rest > 0; rest >>>= 7) more += 1;
  ensure(more);
  buffer.copyWithin(start + more, start, position);
  const end = position + more;
  position = start - 1;
  varint(length);
  position = end;
}

/** Writes a whole number from -2^63 below 2^63. */
export function varint(value: number): void {
  ensure(10);
  if (value >= 0 && value < 2 ** 31) {
    let rest = value;
    for (; rest > 127; rest >>>= 7) buffer[position++] = (rest & 127) | 128;
    buffer[position++] = rest;
    return;
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) buffer[position++] = Number(rest & 127n) | 128;
  buffer[position++] = Number(rest);
}

/** Writes 4 bytes, the lowest first. */
export function fixed32(value: number): void {
  ensure(4);
  position = buffer.writeUInt32LE(value, position);
}

/** Writes 8 bytes of two halves. */
export function fixed64(low: number, high: number): void {
  ensure(8);
  position = buffer.writeUInt32LE(low, position);
  position = buffer.writeUInt32LE(high, position);
}

export function double(value: number): void {
  ensure(8);
  position = buffer.writeDoubleLE(value, position);
}

/** Writes bytes as they are. */
export function raw(bytes: Uint8Array): void {
  ensure(bytes.length);
  if (bytes.length > FEW) buffer.set(bytes, position);
  else for (let at = 0; at < bytes.length; at += 1) buffer[position + at] = bytes[at]!;
  position += bytes.length;
}

/** Writes a text and its length in bytes before it. */
export function text(value: string): void {
  const start = open();
  const { length } = value;
  ensure(length * 3);
  if (length <= FEW) {
    let at = 0;
    for (; at < length; at += 1) {
      const code = value.charCodeAt(at);
      if (code > 127) break;
      buffer[position + at] = code;
    }
    if (at === length) {
      position += length;
      buffer[start - 1] = length;
      return;
    }
  }
  position += buffer.write(value, position);
  close(start);
}

const DIGITS = new Uint8Array(128);
for (let digit = 0; digit < 16; digit += 1) {
  DIGITS[digit.toString(16).charCodeAt(0)] = digit;
  DIGITS[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/** Writes hex digits as bytes, and their number before them. */
export function hex(digits: string): void {
  const count = digits.length >> 1;
  ensure(count + 1);
  buffer[position++] = count;
  for (let at = 0; at < digits.length; at += 2) {
    buffer[position++] =
      (DIGITS[digits.charCodeAt(at) & 127]! << 4) | DIGITS[digits.charCodeAt(at + 1) & 127]!;
  }
}
