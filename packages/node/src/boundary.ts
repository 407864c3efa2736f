import { hostOf, isIpv4 } from "./host.ts";

/** Where a request or a message goes. */
export interface Target {
  host?: string;
  /** Absent when it is not known. */
  port?: number;
  /** As `kafka/payments`: the system and the name of a topic, an exchange or a queue. */
  destination?: string;
}

/** Says which headers may go where; `traceparent`, `tracestate` and `baggage.NAME` are its keys. */
export interface Boundary {
  allows(target: Target, key: string): boolean;
}

/** One entry of the list. */
interface Rule {
  denies: boolean;
  /** The keys that it is about; of a denying entry without keys, all. */
  keys: ReadonlySet<string> | undefined;
  port: number | undefined;
  /** The larger wins: a host over a range and a suffix, and of the same host the one with a port. */
  precision: number;
  matches(target: Target): boolean;
}

const TRACE = ["traceparent", "tracestate"];
const DEFAULTS = "localhost,127.0.0.0/8,[::1],.local,.internal,.svc,.cluster.local";
const EXACT = 1_000;
const RANGE = 500;
// Most hosts that are remembered; the next ones are matched again each time.
const MOST_KNOWN = 1_024;

/** Lets nothing out. */
export const CLOSED: Boundary = { allows: () => false };

/**
 * Reads the list of ASSAY_PROPAGATE_TO, whose entries stand beside the defaults; `none` takes the defaults away.
 *
 *     entry   = ["!"] target ["=" key *("+" key)]
 *     target  = (host / "." suffix / range / "*") [":" port] / system "/" (destination / "*")
 *     key     = "trace" / "traceparent" / "tracestate" / "baggage." name
 *
 * Without keys an entry is about `trace`, which is both headers; a denying one about all. A wrong entry that allows is
 * left out. A wrong one that denies closes the boundary: without it the list would be weaker than it was meant.
 */
export function parseBoundary(
  list: string,
  tell: (entry: string, consequence: string) => void = () => {},
): Boundary {
  const entries = list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const isNone = (entry: string): boolean => entry.toLowerCase() === "none";
  const own = entries.filter((entry) => !isNone(entry));
  const rules: Rule[] = entries.some(isNone)
    ? []
    : DEFAULTS.split(",").map((entry) => parseRule(entry)!);
  let isClosed = false;
  for (const entry of own) {
    const rule = parseRule(entry);
    if (rule !== undefined) rules.push(rule);
    else if (!entry.startsWith("!")) tell(entry, "It is left out.");
    else {
      isClosed = true;
      tell(entry, "It is to deny something, so nothing is propagated to anyone until then.");
    }
  }
  return isClosed ? CLOSED : boundaryOf(rules);
}

function boundaryOf(rules: readonly Rule[]): Boundary {
  const known = new Map<string, readonly Rule[]>();
  const rulesOf = (target: Target): readonly Rule[] => {
    const name = `${target.host ?? ""} ${target.port ?? ""} ${target.destination ?? ""}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    const matching = rules.filter((rule) => matchesPort(rule, target) && rule.matches(target));
    if (known.size < MOST_KNOWN) known.set(name, matching);
    return matching;
  };
  return {
    allows(target, key) {
      let best: Rule | undefined;
      for (const rule of rulesOf(target)) {
        if (rule.keys !== undefined && !rule.keys.has(key)) continue;
        const difference = rule.precision - (best?.precision ?? -1);
        if (difference > 0 || (difference === 0 && rule.denies)) best = rule;
      }
      return best !== undefined && !best.denies;
    },
  };
}

// Of a port that is not known the worse is assumed.
function matchesPort({ port, denies }: Rule, target: Target): boolean {
  if (port === undefined) return true;
  return target.port === undefined ? denies : target.port === port;
}

function parseRule(entry: string): Rule | undefined {
  const [, deny = "", place = "", keyText] = /^(!?)([^=\s]+)(?:=(\S+))?$/.exec(entry) ?? [];
  const denies = deny === "!";
  const keys = keyText === undefined ? (denies ? undefined : TRACE) : parseKeys(keyText);
  const matcher = parsePlace(place);
  if (matcher === undefined || keys === null) return undefined;
  return {
    denies,
    keys: keys === undefined ? undefined : new Set(keys),
    ...matcher,
    precision: matcher.precision + (matcher.port === undefined ? 0 : 0.5),
  };
}

function parseKeys(text: string): string[] | null {
  const keys = text.split("+").flatMap((key) => (key === "trace" ? TRACE : [key]));
  const isKey = (key: string): boolean =>
    TRACE.includes(key) || /^baggage\.[\w!#$%&'*.^`|~-]+$/.test(key);
  return keys.every(isKey) ? keys : null;
}

type Matcher = Pick<Rule, "port" | "precision" | "matches">;

function parsePlace(place: string): Matcher | undefined {
  const [, system, name] = /^([a-z]\w*)\/([\w.*/:-]+)$/i.exec(place) ?? [];
  if (system !== undefined && name !== undefined) {
    const isAny = name === "*";
    const prefix = `${system}/`;
    return {
      port: undefined,
      precision: isAny ? 0 : EXACT,
      matches: ({ destination }) =>
        isAny ? destination?.startsWith(prefix) === true : destination === place,
    };
  }
  // Only an address in brackets has a colon of its own.
  const [, text = "", digits] = /^(\[[^\]]*\](?:\/\d+)?|[^:]+)(?::(\d{1,5}))?$/.exec(place) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (port === 0 || (port ?? 0) > 65_535) return undefined;
  if (text === "*") return { port, precision: 0, matches: ({ host }) => host !== undefined };
  const range = /^(.+)\/(\d{1,3})$/.exec(text);
  if (range !== null) return parseRange(range[1]!, Number(range[2]), port);
  const host = hostOf(text.replace(/^\./, ""));
  if (host === undefined) return undefined;
  if (!text.startsWith(".")) {
    return { port, precision: EXACT, matches: (target) => target.host === host };
  }
  const suffix = `.${host}`;
  // An address has no domain above it: ".1" is the end of 127.0.0.1 and says nothing.
  if (isNumeric(host)) return undefined;
  return {
    port,
    precision: suffix.length,
    matches: (target) => target.host?.endsWith(suffix) === true,
  };
}

function parseRange(text: string, bits: number, port: number | undefined): Matcher | undefined {
  const network = hostOf(text);
  if (network === undefined || !isNumeric(network)) return undefined;
  const isSmall = isIpv4(network);
  if (bits > (isSmall ? 32 : 128)) return undefined;
  const prefix = bitsOf(network).slice(0, bits);
  return {
    port,
    precision: RANGE + bits,
    matches: ({ host }) =>
      host !== undefined &&
      isNumeric(host) &&
      isIpv4(host) === isSmall &&
      bitsOf(host).startsWith(prefix),
  };
}

function isNumeric(host: string): boolean {
  return host.includes(":") || /(?:^|\.)\d+$/.test(host);
}

function bitsOf(address: string): string {
  const binary = (part: string, radix: number, width: number): string =>
    Number.parseInt(part, radix).toString(2).padStart(width, "0");
  if (isIpv4(address))
    return address
      .split(".")
      .map((part) => binary(part, 10, 8))
      .join("");
  const [head = "", tail] = address.split("::");
  const parts = (text: string | undefined): string[] => (text ? text.split(":") : []);
  const missing = 8 - parts(head).length - parts(tail).length;
  const zeros = tail === undefined ? [] : Array.from({ length: missing }, () => "0");
  return [...parts(head), ...zeros, ...parts(tail)].map((part) => binary(part, 16, 16)).join("");
}
