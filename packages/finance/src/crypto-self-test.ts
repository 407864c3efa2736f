import { type BatchObservableResult, metrics } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CRYPTO_KEY_ID,
  INSTRUMENT_FINANCE_CRYPTO_SELFTEST,
  INSTRUMENT_FINANCE_CRYPTO_SELFTEST_AGE,
} from "@assay/semconv";
import { createObservableGauge, SCOPE } from "./instruments.ts";
import { securityEvent } from "./security-event.ts";

/** How the application encrypts and decrypts with one key. */
export interface Cipher<Sealed = unknown> {
  encrypt(text: string): Sealed | Promise<Sealed>;
  decrypt(sealed: Sealed): string | Promise<string>;
}

export interface CryptoSelfTestOptions {
  /** By the id of the key, never the key. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each key may seal into a type of its own
  keys: Readonly<Record<string, Cipher<any>>>;
  /** Time from one test to the next, in milliseconds; 5 minutes when absent. */
  everyMs?: number;
}

export interface CryptoSelfTest extends Disposable {
  /** Tests every key now; true when all have passed. Never rejects. A key under test is not tested twice at once. */
  run(): Promise<boolean>;
  /** Ends the tests. From then on its gauges have no value. */
  stop(): void;
}

interface State {
  id: string;
  cipher: Cipher;
  passed: boolean | undefined;
  /** When a test last ended; before the first, when the tests began. */
  at: number;
  underway: Promise<boolean> | undefined;
}

const EVERY_MS = 300_000;
// Of setInterval: above it Node takes 1 ms.
const LONGEST_MS = 2_147_483_647;
const SHORTEST_MS = 1_000;

/**
 * Tests at once, and then again and again, that what the application encrypts it can decrypt: a random value goes through
 * its own functions, with each key.
 *
 * A gauge is 1 for a key that passed and 0 for one that did not: it threw, gave another value, or left the value as it
 * was. Another is the time since a test of the key last ended, so that one that hangs is seen. The first failure of a key
 * that had not failed before is a security event; neither the value nor the error's message is in it.
 *
 * The timer keeps no process alive. An `everyMs` that is no time is a RangeError.
 *
 * @example
 * const selfTest = createCryptoSelfTest({ keys: { "k-2026-11": { encrypt, decrypt } }, everyMs: 60_000 });
 */
export function createCryptoSelfTest({
  keys,
  everyMs = EVERY_MS,
}: CryptoSelfTestOptions): CryptoSelfTest {
  if (!(everyMs >= SHORTEST_MS && everyMs <= LONGEST_MS)) {
    throw new RangeError(
      `everyMs of the self-test is ${everyMs}; use milliseconds from ${SHORTEST_MS} to ${LONGEST_MS}`,
    );
  }
  const began = performance.now();
  const states = Object.entries(keys).map(([id, cipher]): State => ({
    id,
    cipher,
    passed: undefined,
    at: began,
    underway: undefined,
  }));
  const run = async (): Promise<boolean> => {
    const passed = await Promise.all(states.map((state) => (state.underway ??= test(state))));
    return passed.every(Boolean);
  };
  const stopObserving = observe(states);
  const timer = setInterval(() => void run(), everyMs);
  timer.unref();
  void run();
  const stop = (): void => {
    clearInterval(timer);
    stopObserving();
  };
  return { run, stop, [Symbol.dispose]: stop };
}

async function test(state: State): Promise<boolean> {
  const before = state.passed;
  const failure = await roundTrip(state.cipher);
  state.passed = failure === undefined;
  state.at = performance.now();
  state.underway = undefined;
  if (failure !== undefined && before !== false) {
    securityEvent({
      type: "encryption_failure",
      severity: "critical",
      action: "logged",
      attributes: { [ATTR_FINANCE_CRYPTO_KEY_ID]: state.id, "error.type": failure },
    });
  }
  return state.passed;
}

// What went wrong, in a word. An error's message may hold what was encrypted.
async function roundTrip(cipher: Cipher): Promise<string | undefined> {
  const text = crypto.randomUUID();
  try {
    const sealed = await cipher.encrypt(text);
    if (sealed === text) return "not_encrypted";
    return (await cipher.decrypt(sealed)) === text ? undefined : "other_value";
  } catch (error) {
    return error instanceof Error ? error.name : "_OTHER";
  }
}

function observe(states: readonly State[]): () => void {
  const results = createObservableGauge(INSTRUMENT_FINANCE_CRYPTO_SELFTEST);
  const ages = createObservableGauge(INSTRUMENT_FINANCE_CRYPTO_SELFTEST_AGE);
  const meter = metrics.getMeter(SCOPE);
  const report = (result: BatchObservableResult): void => {
    const now = performance.now();
    for (const { id, passed, at } of states) {
      const labels = { [ATTR_FINANCE_CRYPTO_KEY_ID]: id };
      if (passed !== undefined) result.observe(results, passed ? 1 : 0, labels);
      result.observe(ages, (now - at) / 1_000, labels);
    }
  };
  meter.addBatchObservableCallback(report, [results, ages]);
  return () => meter.removeBatchObservableCallback(report, [results, ages]);
}
