import { readFileSync } from "node:fs";

/** One environment variable: how it is parsed, what it defaults to and what a wrong value is told. */
export interface Variable<T> {
  name: string;
  /** Gets the text without spaces around it; gives `undefined` when it is no value of this variable. */
  parse: (text: string) => T | undefined;
  fallback: T;
  /** Ends the sentence "… use ". */
  expected: string;
  /** What follows from a wrong value, where it is not that the default is used. */
  otherwise?: string;
  /** The value may be a credential and is not repeated. */
  secret?: boolean;
  /** For the README's table. */
  about: string;
}

/**
 * Reads one variable and leaves in `env` what it read, so that all who read it after us find the same.
 *
 * A wrong value is told in one sentence and taken out of `env`; its default is used. A variable that is set but empty
 * counts as not set, as OpenTelemetry's specification has it. `places` says where a value stands that is from a
 * configuration file.
 */
export function readVariable<T>(
  variable: Variable<T>,
  env: NodeJS.ProcessEnv,
  say: (sentence: string) => void,
  places: Readonly<Record<string, string>> = {},
): T {
  const { name, parse, fallback, expected, otherwise, secret = false } = variable;
  const found = env[name];
  if (found === undefined) return fallback;
  const text = found.trim();
  const value = text === "" ? undefined : parse(text);
  if (value === undefined) delete env[name];
  else if (text !== found) env[name] = text;
  if (value !== undefined) return value;
  if (text !== "") {
    const shown = secret ? "is not valid (value not shown)" : `is ${JSON.stringify(found)}`;
    say(`${places[name] ?? name} ${shown}; use ${expected}. ${otherwise ?? using(fallback)}`);
  }
  return fallback;
}

function using(fallback: unknown): string {
  return String(fallback) === "" || fallback === Number.POSITIVE_INFINITY
    ? "It is ignored."
    : `Assay uses ${String(fallback)}.`;
}

export function oneOf(values: readonly string[]): (text: string) => string | undefined {
  return (text) => values.find((value) => value === text);
}

export function listOf(values: readonly string[]): (text: string) => string[] | undefined {
  return (text) => {
    const list = text.split(",").map((item) => item.trim());
    if (list.length > 1 && list.includes("none")) return undefined;
    return list.every((item) => values.includes(item)) ? [...new Set(list)] : undefined;
  };
}

export function integer(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
}

/** A count or a time in milliseconds. */
export const POSITIVE: Pick<Variable<number>, "parse" | "expected"> = {
  // Node's timers overflow above this and fire at once.
  parse: integer(1, 2_147_483_647),
  expected: "a whole number greater than 0, up to 2147483647",
};

export function url(text: string): string | undefined {
  const parsed = URL.parse(text);
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? text : undefined;
}

export function ratio(text: string): number | undefined {
  const value = Number(text);
  return value >= 0 && value <= 1 ? value : undefined;
}

export function boolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

export function headers(text: string): string | undefined {
  return text.split(",").every(isHeader) ? text : undefined;
}

// The exporters leave out a pair that they cannot read, cut a value at a semicolon, and fail at each export over what
// HTTP does not allow.
function isHeader(pair: string): boolean {
  const [, name = "", value = ""] = /^\s*([^\s=;]+)\s*=\s*([^;]*[^;\s])\s*$/.exec(pair) ?? [];
  try {
    // Only when there are headers: a service that uses no http does not load it.
    const { validateHeaderName, validateHeaderValue } =
      require("node:http") as typeof import("node:http");
    validateHeaderName(decodeURIComponent(name));
    validateHeaderValue(name, decodeURIComponent(value));
    return value !== "";
  } catch {
    return false; // what was thrown may repeat the value, which is not to be shown
  }
}

/** As upstream reads OTEL_RESOURCE_ATTRIBUTES; of one wrong pair it discards all without a word. */
export function attributes(text: string): string | undefined {
  const pairs = text.split(",").filter((pair) => pair.trim() !== "");
  return pairs.every(isAttribute) ? text : undefined;
}

function isAttribute(pair: string): boolean {
  const parts = pair.split("=").map((part) => part.trim());
  try {
    return (
      parts.length === 2 &&
      parts[0] !== "" &&
      parts.every((part) => decodeURIComponent(part).length <= 255)
    );
  } catch {
    return false; // a % without two digits behind it
  }
}

/** A path; `check` gets the file and throws when it is not what it is to be. */
export function pem(check: (file: Buffer) => unknown): (text: string) => string | undefined {
  return (path) => {
    try {
      check(readFileSync(path));
      return path;
    } catch {
      return undefined; // what to write is said by the variable
    }
  };
}

export function dsn(text: string): string | undefined {
  const parsed = URL.parse(text);
  const complete = parsed !== null && parsed.username !== "" && /\/\d+$/.test(parsed.pathname);
  return complete && /^https?:$/.test(parsed.protocol) ? text : undefined;
}
