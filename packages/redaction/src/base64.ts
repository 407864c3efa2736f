const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bytes that a text in base64 stands for; without Node's own means, so that it works in a browser. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(128);
  for (let index = 0; index < 64; index++) values[ALPHABET.charCodeAt(index)] = index;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, out = 0; at < text.length; at += 4) {
    const one = values[text.charCodeAt(at)] ?? 0;
    const two = values[text.charCodeAt(at + 1)] ?? 0;
    const three = values[text.charCodeAt(at + 2)] ?? 0;
    const four = values[text.charCodeAt(at + 3)] ?? 0;
    bytes[out++] = (one << 2) | (two >> 4);
    bytes[out++] = (two << 4) | (three >> 2);
    bytes[out++] = (three << 6) | four;
  }
  return bytes;
}
