import { type Entries, inOneScan, type Single } from "./batch.ts";
import { isHarmless } from "./bare-policy.ts";
import { PLAIN, STRING } from "./engine.ts";
import type { Finding } from "./finding.ts";
import { createPseudonyms, type PseudonymKey } from "./pseudonym.ts";
import { discardScanner, type Report, type Scanner, scanner } from "./scanner.ts";
import { createStandIn, type PanPolicy } from "./stand-in.ts";
import { REMOVED, type Walk, walkValue } from "./walk.ts";

export type { DataClass, Finding } from "./finding.ts";

export interface RedactorOptions {
  /** Characters kept of a string, counted after redaction. Default: all of them. */
  truncateAt?: number;
  /** Called once for each thing redacted. */
  onFinding?: (finding: Finding) => void;
  /** Keys under which what identifies a person becomes a pseudonym, the newest first. Default: markers. */
  pseudonymKeys?: readonly PseudonymKey[];
  /** Card numbers keep their first six and last four digits, or become pseudonyms; never both. Default: mask. */
  pan?: PanPolicy;
}

export interface Redactor {
  /**
   * The value without what must not leave: the identical value when it is clean, of the same type
   * where it can be, `undefined` when all of it must go. Never throws.
   */
  value(key: string, value: unknown): unknown;
  /** The text, with no key to go by, without what must not leave. Never throws. */
  text(text: string): string;
  /**
   * The values of many attributes, each as {@link Redactor.value} gives it; `undefined` when all of them
   * are clean. One scan for all strings. Never throws.
   */
  batch(entries: Entries): unknown[] | undefined;
}

const MOST_PENDING = 1000;

/**
 * Makes a redactor: it removes card and authentication data, credentials, and what identifies a
 * person from the keys and values of telemetry.
 *
 * Fails closed: what cannot be examined (too deep, too many, too long, it throws) is removed and
 * reported as a finding of the detectors `budget` and `engine-error`. Without WebAssembly only values
 * pass that the registry knows as public or internal.
 *
 * @example createRedactor().text("card 4111 1111 1111 1111") // "card 411111******1111"
 */
export function createRedactor({
  truncateAt = Infinity,
  onFinding,
  pseudonymKeys,
  pan = "mask",
}: RedactorOptions = {}): Redactor {
  const stands = createStandIn(pseudonymKeys && createPseudonyms(pseudonymKeys), pan);
  const pending: Finding[] = [];
  const found = (finding: Finding): void => {
    if (onFinding === undefined) return;
    if (pending.length < MOST_PENDING) pending.push(finding);
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      try {
        onFinding(next);
      } catch {
        // The listener's fault must not reach the payment. What it did not take is offered again
        // with the next finding.
        pending.unshift(next);
        return;
      }
    }
  };
  const report: Report = { found, stands };
  const shorten = (text: string): string => shortened(text, truncateAt);
  const failed = (): void => {
    discardScanner();
    found({ class: "credential", action: "removed", detector: "engine-error" });
  };
  let isBare = false;
  const engineOrNone = (): Scanner | undefined => {
    if (isBare) return undefined;
    const engine = scanner();
    if (engine !== undefined) return engine;
    isBare = true;
    found({ class: "credential", action: "removed", detector: "engine-error" });
    return undefined;
  };
  const walkOf = (engine: Scanner): Walk => ({
    scanner: engine,
    nodes: 0,
    characters: 0,
    ancestors: new Set(),
    report,
    shorten,
  });
  const one = (key: string, value: unknown): unknown => {
    try {
      const engine = engineOrNone();
      if (engine === undefined) return withoutEngine(key, value);
      if (typeof value !== "string")
        return walkValue(engine.keys.of(key), value, walkOf(engine), 0);
      const ref = engine.keys.of(key);
      const text = engine.redact(ref, value, STRING, report);
      return text === undefined ? undefined : shorten(text);
    } catch {
      failed();
      return undefined;
    }
  };
  const single: Single = { one, shorten, report };
  return {
    value: one,
    text(text) {
      try {
        const engine = engineOrNone();
        if (engine === undefined) return REMOVED;
        if (typeof text !== "string") throw new TypeError("not a text");
        return shorten(engine.redact(undefined, text, PLAIN, report) ?? REMOVED);
      } catch {
        failed();
        return REMOVED;
      }
    },
    batch(entries) {
      try {
        const engine = engineOrNone();
        if (engine === undefined) return entries.map(([key, value]) => withoutEngine(key, value));
        return inOneScan(engine, entries, single);
      } catch {
        failed();
        return entries.map(() => undefined);
      }
    },
  };
}

function withoutEngine(key: string, value: unknown): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  return isHarmless(key) ? value : REMOVED;
}

function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Half of a surrogate pair is not valid UTF-16.
  const end = limit > 0 && /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return text.slice(0, end);
}
