import { type Entries, inOneScan, type Single } from "./batch.ts";
import { isHarmless } from "./bare-policy.ts";
import { HASH, REMOVE } from "./codes.ts";
import { PLAIN, STRING } from "./engine.ts";
import { createOwnPolicy, type Policy } from "./own-policy.ts";
import type { Finding } from "./finding.ts";
import { createPseudonyms, type PseudonymKey } from "./pseudonym.ts";
import { discardScanner, type Report, type Scanner, scanner } from "./scanner.ts";
import { createStandIn, type PanPolicy } from "./stand-in.ts";
import { isPlain, REMOVED, type Walk, walkValue } from "./walk.ts";

export type { DataClass, Finding } from "./finding.ts";

export interface RedactorOptions {
  /** Rules for keys of the service's own, beyond the registry. */
  policy?: Policy;
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
  policy,
  truncateAt = Infinity,
  onFinding,
  pseudonymKeys,
  pan = "mask",
}: RedactorOptions = {}): Redactor {
  const stands = createStandIn(pseudonymKeys && createPseudonyms(pseudonymKeys), pan);
  const own = policy && createOwnPolicy(policy, stands);
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
      const ref = engine.keys.of(key);
      if (typeof value === "string") {
        const text = engine.redact(ref, value, STRING, report);
        return text === undefined ? undefined : shorten(text);
      }
      return isPlain(ref, value) ? value : walkValue(ref, value, walkOf(engine), 0);
    } catch {
      failed();
      return undefined;
    }
  };
  const single: Single = { one, limit: truncateAt, shorten, report };
  // Absent: no rule of the service decides, or the registry does.
  const decided = (key: string, value: unknown): { value: unknown } | undefined => {
    try {
      const decision = own?.(key, value);
      if (decision === undefined || isDenied(engineOrNone(), key)) return undefined;
      if (decision.finding !== undefined) found(decision.finding);
      return decision;
    } catch {
      failed();
      return { value: undefined };
    }
  };
  const batch = (entries: Entries): unknown[] | undefined => {
    try {
      const engine = engineOrNone();
      if (engine === undefined) return entries.map(([key, value]) => withoutEngine(key, value));
      return inOneScan(engine, entries, single);
    } catch {
      failed();
      return entries.map(() => undefined);
    }
  };
  return {
    value(key, value) {
      if (own === undefined) return one(key, value);
      const decision = decided(key, value);
      return decision === undefined ? one(key, value) : decision.value;
    },
    text(text) {
      try {
        const engine = engineOrNone();
        // The name of a public attribute is a name and no secret.
        if (engine === undefined) return isHarmless(text) ? text : REMOVED;
        if (typeof text !== "string") throw new TypeError("not a text");
        return shorten(engine.redact(undefined, text, PLAIN, report) ?? REMOVED);
      } catch {
        failed();
        return REMOVED;
      }
    },
    batch(entries) {
      if (own === undefined) return batch(entries);
      const decisions = entries.map(([key, value]) => decided(key, value));
      if (decisions.every((decision) => decision === undefined)) return batch(entries);
      const rest = batch(entries.filter((_, index) => decisions[index] === undefined));
      let next = 0;
      return entries.map(([, value], index) => {
        const decision = decisions[index];
        if (decision !== undefined) return decision.value;
        return rest === undefined ? value : rest[next++];
      });
    },
  };
}

// A rule of the service's own does not let out what the registry keeps in.
function isDenied(engine: Scanner | undefined, key: string): boolean {
  if (engine === undefined) return true;
  const action = (engine.keys.of(key).flags >> 16) & 255;
  return action >= REMOVE && action <= HASH;
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
