import type { PseudonymKey } from "./pseudonym.ts";

/**
 * The keys in the text of a key file: lines of `id=base64`, the newest key first. Empty lines and
 * lines that begin with `#` are left out.
 *
 * Throws one sentence that names the line of `file`, and nothing of what is in it. Whether the keys
 * are good ones is for `createPseudonyms` to say.
 */
export function parseKeyFile(text: string, file: string): PseudonymKey[] {
  const keys: PseudonymKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const entry = line.trim();
    if (entry === "" || entry.startsWith("#")) continue;
    const at = entry.indexOf("=");
    if (at <= 0) {
      throw new Error(`Line ${index + 1} of ${file} has no key; write id=base64`);
    }
    const written = entry.slice(at + 1).trim();
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(written)) {
      throw new Error(
        `Line ${index + 1} of ${file} is not base64 after the "="; write what \`openssl rand -base64 32\` prints`,
      );
    }
    keys.push({
      id: entry.slice(0, at).trim(),
      key: Uint8Array.from(Buffer.from(written, "base64")),
    });
  }
  if (keys.length === 0) throw new Error(`${file} holds no key; write lines of id=base64`);
  return keys;
}
