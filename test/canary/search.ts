import { type Canary, isPaired } from "./mint.ts";
import { createNeedles, type Hit } from "./needles.ts";

/** How a secret was written where it was found. */
export type Encoding =
  | "raw"
  | "json"
  | "json twice"
  | "percent"
  | "percent twice"
  | "base64"
  | "digits only";

/** A secret that was found in what was captured. */
export interface Survivor {
  canary: Canary;
  encoding: Encoding;
  count: number;
  /** 20 characters on both sides, the secret replaced by its kind. */
  context: string;
}

export interface Search {
  /** Every canary whose secret is in the text, each once, by the plainest encoding in which it is. */
  survivors(text: string): Survivor[];
  /** The markers that are in the text. */
  arrived(text: string): Set<string>;
}

interface View {
  encoding: Encoding;
  text: string;
}

const CONTEXT = 20;
// Between the word and its number may stand signs, and what OTLP and Jaeger write between a key and its value. With any
// other word between them it is not the word's number: "cvv [removed], 720 ms".
const PAIR =
  /(?<![a-z])(cvv|pin)(?![a-z])(?:[^a-z0-9]|value|(?:string|int|double)value|type|string|int64|float64){1,24}?(\d{3,})(?![a-z0-9])/g;

/** Makes the search for these canaries. It takes text of any size; bytes go in as latin1. */
export function createSearch(canaries: readonly Canary[]): Search {
  const unpaired = canaries.filter((canary) => !isPaired(canary.kind));
  const find = createNeedles(
    unpaired.flatMap((canary) => needlesOf(canary).map((needle) => [needle, canary] as const)),
  );
  const pairs = new Map(
    canaries
      .filter((canary) => isPaired(canary.kind))
      .map((canary): [string, Canary] => [`${canary.kind} ${canary.secret}`, canary]),
  );
  const markers = markerPattern(canaries);

  const pairsIn = (text: string, hit: Hit<Canary>): void => {
    for (const { 0: pair, 1: word, 2: number = "", index } of text.matchAll(PAIR)) {
      const canary = pairs.get(`${word} ${number}`);
      if (canary !== undefined) hit(canary, index + pair.length - number.length, number.length);
    }
  };

  return {
    survivors(text) {
      const found = new Map<Canary, Survivor>();
      for (const view of viewsOf(text)) {
        const ends = new Map<Canary, number>();
        const hit: Hit<Canary> = (canary, start, length) => {
          const known = found.get(canary);
          const overlaps = start < (ends.get(canary) ?? 0);
          ends.set(canary, start + length);
          if (known === undefined) {
            const context = contextOf(view.text, start, length, canary);
            found.set(canary, { canary, encoding: view.encoding, count: 1, context });
          } else if (known.encoding === view.encoding && !overlaps) {
            known.count += 1;
          }
        };
        find(view.text, hit);
        if (view.encoding !== "digits only") pairsIn(view.text, hit);
      }
      return [...found.values()];
    },
    arrived: (text) =>
      new Set([text, decodeBase64(text)].flatMap((view) => view.match(markers) ?? [])),
  };
}

/**
 * What of a secret must not be left, in lower case.
 *
 * A part is enough where a part is a leak: 13 of a card number's digits, a token's claims without its signature.
 */
function needlesOf(canary: Canary): string[] {
  const parts = canary.parts?.map((part) => part.toLowerCase()) ?? [];
  // What is captured as bytes is read as latin1.
  const bytes = parts.map((part) => Buffer.from(part).toString("latin1").toLowerCase());
  return [...new Set([...plainNeedles(canary), ...parts, ...bytes])];
}

function plainNeedles({ kind, secret }: Canary): string[] {
  switch (kind) {
    case "pan":
      return Array.from({ length: secret.length - 12 }, (_, start) =>
        secret.slice(start, start + 13),
      );
    case "email":
      return [secret.split("@", 1)[0]!.split(".")[1]!];
    case "iban":
      return [secret.slice(4).toLowerCase()];
    case "jwt":
      return secret.toLowerCase().split(".").slice(1);
    case "api_key":
      return [secret.replace(/^(?:sk_live_|AKIA|ghp_)/, "").toLowerCase()];
    case "password":
      return [secret.slice(0, 11).toLowerCase()];
    default:
      return [secret];
  }
}

function viewsOf(text: string): View[] {
  const raw = text.toLowerCase();
  const views: View[] = [{ encoding: "raw", text: raw }];
  const json = decodeJson(raw);
  if (json !== raw) views.push({ encoding: "json", text: json });
  const again = decodeJson(json);
  if (again !== json) views.push({ encoding: "json twice", text: again });
  const percent = decodePercent(json);
  if (percent !== json) views.push({ encoding: "percent", text: percent });
  const twice = decodePercent(percent);
  if (twice !== percent) views.push({ encoding: "percent twice", text: twice });
  // Not of the folded text: case carries meaning in base64.
  const base64 = decodeBase64(text);
  if (base64 !== "") views.push({ encoding: "base64", text: base64.toLowerCase() });
  const bare = views.map((view) => bareSegments(view.text)).join("\n");
  return [...views, { encoding: "digits only", text: bare }];
}

function decodeJson(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|(["\\/nrt]))/g, (_, hex: string, plain: string) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    return { n: "\n", r: "\r", t: "\t" }[plain] ?? plain;
  });
}

// Not decodeURIComponent: it refuses all of a text for one bad sequence.
function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll("%", ""), "hex").toString("latin1").toLowerCase(),
  );
}

// A secret may begin at any of the four places of a run, which covers its three alignments.
function decodeBase64(text: string): string {
  return (text.match(/[A-Za-z0-9+/_-]{10,}/g) ?? [])
    .flatMap((run) => [0, 1, 2, 3].map((start) => run.slice(start)))
    .map((run) => Buffer.from(run, "base64").toString("latin1"))
    .join("\n");
}

/**
 * Each string or line with enough digits for a card, a phone or an account, once with its digits and once with its
 * digits and letters alone. String by string, so that digits of neighbours do not make up a number.
 */
function bareSegments(text: string): string {
  return (
    text
      // Across the stars of a mask the digits of one number do not go on.
      .split(/["\n\r\0*]/)
      .map((segment) => [segment, segment.replace(/\D/g, "")] as const)
      .filter(([, digits]) => digits.length >= 12)
      .map(([segment, digits]) => `${digits}\n${segment.replace(/[^a-z0-9]/g, "")}`)
      .join("\n")
  );
}

function contextOf(text: string, start: number, length: number, { kind, secret }: Canary): string {
  // A needle may be a part of the secret: the rest beside it is masked too.
  const rest = Math.max(0, text.slice(start, start + secret.length).length - length);
  const before = text.slice(Math.max(0, start - CONTEXT), start);
  const from = start + length + (kind === "pan" ? rest : 0);
  return `${before}«${kind}»${text.slice(from, from + CONTEXT)}`.replace(/[^ -~«»]/g, " ");
}

function markerPattern(canaries: readonly Canary[]): RegExp {
  // The longest first: one surface's name may begin with another's.
  const markers = canaries.map(({ marker }) => marker).toSorted((a, b) => b.length - a.length);
  const prefix = markers[0]?.split("_", 1)[0] ?? "mk";
  const rest = markers.map((marker) => marker.slice(prefix.length));
  return new RegExp(`${prefix}(?:${rest.join("|")})`, "g");
}
