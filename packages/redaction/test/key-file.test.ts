import { expect, test } from "vitest";
import { parseKeyFile } from "../src/key-file.ts";

const KEY = Buffer.alloc(32, 7);

test("reads one key a line, the newest first", () => {
  const text = `# rotated 2026-11-21\nk2=${KEY.toString("base64")}\r\n\n k1 = ${KEY.toString("base64url")}\n`;
  const key = Uint8Array.from(KEY);
  expect(parseKeyFile(text, "keys")).toEqual([
    { id: "k2", key },
    { id: "k1", key },
  ]);
});

test.each([
  ["\n# none\n", "keys holds no key; write lines of id=base64"],
  ["c2VjcmV0", "Line 1 of keys has no key; write id=base64"],
  ["# x\n=c2VjcmV0", "Line 2 of keys has no key; write id=base64"],
  [
    "k1=not base64!",
    'Line 1 of keys is not base64 after the "="; write what `openssl rand -base64 32` prints',
  ],
])("says what is wrong with %j, and nothing of what is in it", (text, sentence) => {
  expect(() => parseKeyFile(text, "keys")).toThrow(new Error(sentence));
});
