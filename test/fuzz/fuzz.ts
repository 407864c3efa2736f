import { isDeepStrictEqual } from "node:util";
import { createRedactor, type Redactor } from "@assay/redaction";
import { createRandom } from "../bench/random.ts";
import { type Input, inputOf } from "./input.ts";

/** An input on which the engine broke a promise. */
export interface Failure extends Input {
  index: number;
  broken: string;
}

export interface FuzzOptions {
  seed: number;
  /** Input numbers from `from` up to and without `to`. */
  from?: number;
  to: number;
  /** Called about once a second. */
  onProgress?: (done: number) => void;
}

// A marker and the quotes around what was a JSON number; a pseudonym with an id of two characters.
const MARKER = 14;
const PSEUDONYM = 34;

/**
 * Gives random inputs to the engine, with and without keys for pseudonyms, and lists those on which
 * it throws, writes more than its markers, or changes what it wrote.
 *
 * Each input is made from the seed and its number alone, so that one can be looked at again.
 */
export function fuzz({ seed, from = 0, to, onProgress }: FuzzOptions): Failure[] {
  const failures: Failure[] = [];
  let findings = 0;
  const onFinding = (): void => {
    findings++;
  };
  const plain = createRedactor({ onFinding });
  const pseudonymKeys = [{ id: "k1", key: new Uint8Array(32).fill(1) }];
  const hashing = createRedactor({ onFinding, pseudonymKeys });
  let told = Date.now();
  for (let index = from; index < to; index++) {
    const input = inputOf(createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b)));
    const [redactor, marker] = index % 4 === 3 ? [hashing, PSEUDONYM] : [plain, MARKER];
    findings = 0;
    const broken = brokenBy(input, redactor, () => findings * marker);
    if (broken !== undefined) failures.push({ ...input, index, broken });
    if (onProgress !== undefined && Date.now() - told > 1_000) {
      told = Date.now();
      onProgress(index - from);
    }
  }
  return failures;
}

function brokenBy(
  { key, value }: Input,
  redactor: Redactor,
  allowance: () => number,
): string | undefined {
  try {
    const once = redactor.value(key, value);
    if (sizeOf(once) > sizeOf(value) + allowance()) return "it grows";
    if (!isDeepStrictEqual(redactor.value(key, once), once)) return "the value changes again";
    if (typeof value !== "string") return undefined;
    const text = redactor.text(value);
    if (text.length > value.length + allowance()) return "the text grows";
    if (redactor.text(text) !== text) return "the text changes again";
    return undefined;
  } catch (error) {
    return `it throws ${error instanceof Error ? error.message : "something"}`;
  }
}

// Only of what is one text or number: a list or an object is made of them.
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value === "bigint") return value.toString().length;
  return Number.isInteger(value) ? BigInt(value as number).toString().length : 0;
}
