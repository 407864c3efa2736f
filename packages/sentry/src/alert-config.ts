import { readFileSync } from "node:fs";
import { type Channel, CHANNELS, type Service, SERVICES, type Team, TEAMS } from "./alert-rules.ts";

/** Where the alerts are, and the ids there of whom they tell. */
export interface AlertConfig {
  /** Slug. */
  organization: string;
  /** Slug. */
  project: string;
  environment: string;
  /** The address of this package's docs/alerts.md, or of a page with the same headings. */
  runbooks: string;
  /** Ids of teams in Sentry. */
  teams: Readonly<Record<Team, string>>;
  /** null sends nothing to Slack. */
  slack: { integration: string; channelIds?: Readonly<Partial<Record<Channel, string>>> } | null;
  /** null pages nobody. */
  pagerduty: { integration: string; services: Readonly<Record<Service, string>> } | null;
  /** Whether the project gets spans too, as the rules of failure rates need; Assay's client and bridge send errors alone. */
  spans: boolean;
}

/** What stands in the file is replaced by what the command line says. */
export type AlertOverrides = Partial<Pick<AlertConfig, "organization" | "project" | "environment">>;

const KEYS = [
  "organization",
  "project",
  "environment",
  "runbooks",
  "teams",
  "slack",
  "pagerduty",
  "spans",
];
const SLUG = /^[a-z0-9][a-z0-9_-]{0,99}$/;
const ENVIRONMENT = /^[^\s/]{1,64}$/;
const ID = /^\d{1,20}$/;
const CHANNEL_ID = /^[A-Z0-9]{1,32}$/;

/**
 * Reads the file of the configuration.
 *
 * Throws an Error of one sentence that says what was found, where, and what to write.
 */
export function readAlertConfig(path: string, overrides: AlertOverrides = {}): AlertConfig {
  const given = jsonOf(path);
  const wrong = (key: string, value: unknown, wanted: string): never => {
    const found = value === undefined ? "missing" : JSON.stringify(value);
    throw new Error(`"${key}" in ${path} is ${found}; write ${wanted}`);
  };
  if (!isRecord(given)) throw new Error(`${path} is not a JSON object; write one with "project"`);
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw new Error(`"${unknown}" in ${path} is no setting; write one of ${KEYS.join(", ")}`);
  }
  const all: Record<string, unknown> = { ...given, ...overrides };
  const text = (key: string, pattern: RegExp, wanted: string): string => {
    const value = valueAt(all, key);
    return typeof value === "string" && pattern.test(value) ? value : wrong(key, value, wanted);
  };
  const id = (key: string): string => text(key, ID, 'a numeric id in quotes, such as "4501"');
  const object = (key: string, optional = false): Record<string, unknown> | null => {
    const value = valueAt(all, key);
    if (optional && value === null) return null;
    return isRecord(value) ? value : wrong(key, value, `an object${optional ? ", or null" : ""}`);
  };
  const slug = 'a slug as in Sentry\'s addresses, such as "payments"';
  const spans = valueAt(all, "spans") ?? false;
  object("teams");
  return {
    organization: text("organization", SLUG, slug),
    project: text("project", SLUG, slug),
    environment: text("environment", ENVIRONMENT, 'a name without spaces, such as "production"'),
    runbooks: text("runbooks", /^https?:\/\/[^\s#]+$/, "an http or https address without #"),
    teams: byName(TEAMS, (team) => id(`teams.${team}`)),
    slack: object("slack", true) && {
      integration: id("slack.integration"),
      channelIds: channelIdsOf(all, wrong),
    },
    pagerduty: object("pagerduty", true) && {
      integration: id("pagerduty.integration"),
      services: byName(SERVICES, (service) => id(`pagerduty.services.${service}`)),
    },
    spans: typeof spans === "boolean" ? spans : wrong("spans", spans, "true or false"),
  };
}

/** Reads the token of the API; it is never told. */
export function readToken(path: string, setting: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new Error(
      `${setting} is ${JSON.stringify(path)}, which cannot be read (${codeOf(error)}); name a file that holds the token`,
      { cause: error },
    );
  }
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new Error(
    `${setting} is ${JSON.stringify(path)}, which holds no token; write a token with the scope alerts:write into it, alone`,
  );
}

function jsonOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(
      `--config is ${JSON.stringify(path)}, which cannot be read (${codeOf(error)}); name a JSON file`,
      { cause: error },
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`--config is ${JSON.stringify(path)}, which is not JSON; name a JSON file`, {
      cause: error,
    });
  }
}

function channelIdsOf(
  all: Record<string, unknown>,
  wrong: (key: string, value: unknown, wanted: string) => never,
): Partial<Record<Channel, string>> {
  const given = valueAt(all, "slack.channelIds") ?? {};
  const isRight =
    isRecord(given) &&
    Object.entries(given).every(
      ([channel, id]) =>
        CHANNELS.some((one) => one === channel) && typeof id === "string" && CHANNEL_ID.test(id),
    );
  if (isRight) return given;
  return wrong("slack.channelIds", given, `ids by channel, as {"${CHANNELS[0]}": "C0123ABCD"}`);
}

function byName<Name extends string>(
  names: readonly Name[],
  valueOf: (name: Name) => string,
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, string>;
}

function valueAt(root: Record<string, unknown>, path: string): unknown {
  let at: unknown = root;
  for (const key of path.split(".")) {
    at = isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown";
}
