import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { expect, test, vi } from "vitest";
import { type Cipher, createCryptoSelfTest } from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

const KEY = ["finance.crypto.key.id"];

/** AES-256-GCM, decrypting with another key when one is given. */
function aes(key: Buffer, other = key): Cipher<Buffer[]> {
  return {
    encrypt(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return [nonce, sealed, cipher.getAuthTag()];
    },
    decrypt([nonce, sealed, tag]) {
      const decipher = createDecipheriv("aes-256-gcm", other, nonce!).setAuthTag(tag!);
      return decipher.update(sealed!, undefined, "utf8") + decipher.final("utf8");
    },
  };
}

test("a key that works is 1; a wrong key, another value and no encryption at all are 0", async () => {
  using recorded = recordTelemetry();
  const plain: Cipher<string> = { encrypt: (text) => text, decrypt: (sealed) => sealed };
  const other: Cipher<string> = { encrypt: () => "sealed", decrypt: () => "something else" };
  using selfTest = createCryptoSelfTest({
    keys: {
      good: aes(randomBytes(32)),
      wrong: aes(randomBytes(32), randomBytes(32)),
      plain,
      other,
    },
  });
  expect(await selfTest.run()).toBe(false);
  expect(await recorded.series("finance.crypto.selftest", KEY)).toEqual({
    good: 1,
    wrong: 0,
    plain: 0,
    other: 0,
  });
  expect(Object.keys(await recorded.series("finance.crypto.selftest_age", KEY))).toHaveLength(4);
});

test("a key that fails is one security event until it works again, without the value and the message", async () => {
  using recorded = recordTelemetry();
  let isAway = false;
  const seen: string[] = [];
  const cipher: Cipher<string> = {
    encrypt(text) {
      seen.push(text);
      return `sealed ${text}`;
    },
    decrypt(sealed) {
      if (isAway) throw new TypeError(`cannot decrypt ${sealed}`);
      return sealed.slice("sealed ".length);
    },
  };
  using selfTest = createCryptoSelfTest({ keys: { "k-2026-11": cipher } });
  expect(await selfTest.run()).toBe(true);
  for (const away of [true, true, false, true]) {
    isAway = away;
    expect(await selfTest.run()).toBe(!away);
  }
  const events = recorded.logs.getFinishedLogRecords();
  const expected = {
    "finance.security.event.type": "encryption_failure",
    "finance.security.severity": "critical",
    "finance.security.action": "logged",
    "finance.crypto.key.id": "k-2026-11",
    "error.type": "TypeError",
  };
  expect(events.map(({ attributes }) => attributes)).toEqual([expected, expected]);
  expect(new Set(seen).size).toBe(seen.length);
});

test("it tests by itself, a test that hangs is not begun again and grows old, and stop ends it all", async () => {
  vi.useFakeTimers();
  try {
    using recorded = recordTelemetry();
    let tests = 0;
    let isHanging = false;
    const cipher: Cipher<string> = {
      encrypt(text) {
        tests += 1;
        return isHanging ? new Promise<string>(() => {}) : `sealed ${text}`;
      },
      decrypt: (sealed) => sealed.slice("sealed ".length),
    };
    const selfTest = createCryptoSelfTest({ keys: { a: cipher }, everyMs: 60_000 });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(tests).toBe(3);
    isHanging = true;
    await vi.advanceTimersByTimeAsync(7_200_000);
    expect(tests).toBe(4);
    const age = await recorded.series("finance.crypto.selftest_age", KEY);
    expect(age["a"]).toBe(7_200);
    selfTest.stop();
    expect(vi.getTimerCount()).toBe(1); // the metric reader's
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await recorded.series("finance.crypto.selftest_age", KEY)).toEqual({});
  } finally {
    vi.useRealTimers();
  }
});

test("a time between tests that is none is refused with what to write", () => {
  for (const everyMs of [0, Number.NaN, 3_000_000_000]) {
    expect(() => createCryptoSelfTest({ keys: {}, everyMs })).toThrow(
      `everyMs of the self-test is ${everyMs}; use milliseconds from 1000 to 2147483647`,
    );
  }
});
