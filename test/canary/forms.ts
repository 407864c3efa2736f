import type { Kind } from "./mint.ts";

/** A way in which a secret is written so that a plain search does not see it. */
export interface Form {
  name: string;
  kinds: readonly Kind[];
  /** The secret in this form, with the words around it that the form needs. */
  write: (secret: string, kind: Kind) => string;
  /**
   * What a search has to look for beside the secret itself: nothing, as the form keeps its characters in a row or
   * beside separators; a part of it written in the form; a stretch of the whole.
   */
  leaves: "plain" | "part" | "stretch";
}

const CARD = ["pan"] as const;
const SHAPED = ["pan", "phone", "email", "iban"] as const;
const NAMED = ["pan", "password", "phone"] as const;
const FIELD: Partial<Record<Kind, string>> = {
  pan: "cardNumber",
  password: "password",
  phone: "phoneNumber",
};

/** Every form in which redaction has to find a secret on every free text of the telemetry. */
export const FORMS: readonly Form[] = [
  form("dots", CARD, "plain", (secret) => groups(secret).join(".")),
  form("halves", CARD, "plain", (secret) => `${secret.slice(0, 8)} ${secret.slice(8)}`),
  form("no-break spaces", CARD, "plain", (secret) => groups(secret).join("\u00A0")),
  form("en dashes", CARD, "plain", (secret) => groups(secret).join("\u2013")),
  form("digit by digit", CARD, "plain", (secret) => Array.from(secret).join(" ")),
  form("zero width", SHAPED, "part", (secret) => Array.from(secret).join("\u200B")),
  form("full width", CARD, "part", (secret) => shifted(secret, 0xff10)),
  form("Arabic digits", CARD, "part", (secret) => shifted(secret, 0x0660)),
  form("Devanagari digits", CARD, "part", (secret) => shifted(secret, 0x0966)),
  form("percent", SHAPED, "part", (secret) => each(secret, (hex) => `%${hex}`)),
  form("percent twice", SHAPED, "part", (secret) => each(secret, (hex) => `%25${hex}`)),
  form("JSON escapes", SHAPED, "part", (secret) => each(secret, (hex) => `\\u00${hex}`)),
  form("entities", SHAPED, "part", (secret) => each(secret, (hex) => `&#x${hex};`)),
  form("JSON", NAMED, "plain", (secret, kind) => json(secret, kind)),
  form("JSON in JSON", NAMED, "plain", (secret, kind) => JSON.stringify(json(secret, kind))),
  form("XML", NAMED, "plain", (secret, kind) => `<n:${FIELD[kind]}>${secret}</n:${FIELD[kind]}>`),
  form("form body", NAMED, "plain", (secret, kind) => `a=1&${FIELD[kind]}=${secret}&b=2`),
  form(
    "SQL",
    NAMED,
    "plain",
    (secret, kind) => `INSERT INTO t(${FIELD[kind]}) VALUES ('${secret}')`,
  ),
  form("base64", NAMED, "stretch", (secret, kind) => base64(json(secret, kind))),
  form("base64 twice", NAMED, "stretch", (secret, kind) => base64(base64(json(secret, kind)))),
  form("hexadecimal", SHAPED, "part", (secret) => Buffer.from(secret).toString("hex")),
];

/** What a search looks for: texts, each of which shows a part of the secret that must not be shown. */
export function partsOf({ leaves, write }: Form, secret: string, kind: Kind): string[] {
  if (leaves === "plain") return [];
  if (leaves === "stretch") {
    // What stands before the secret is the same for every canary.
    const written = write(secret, kind);
    const other = write("#".repeat(secret.length), kind);
    const begin = Array.from(written).findIndex((char, index) => char !== other[index]);
    return windows(written.slice(begin), 20);
  }
  const part = kind === "email" ? secret.slice(6, secret.indexOf("@")) : secret;
  return windows(part, Math.min(13, part.length)).map((window) => write(window, kind));
}

function form(
  name: string,
  kinds: readonly Kind[],
  leaves: Form["leaves"],
  write: Form["write"],
): Form {
  return { name, kinds, leaves, write };
}

function json(secret: string, kind: Kind): string {
  return JSON.stringify({ [FIELD[kind]!]: secret });
}

function groups(text: string): string[] {
  return text.match(/.{1,4}/g) ?? [];
}

function shifted(text: string, zero: number): string {
  return text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
}

function each(text: string, write: (hex: string) => string): string {
  return Array.from(Buffer.from(text), (byte) => write(byte.toString(16).padStart(2, "0"))).join(
    "",
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function windows(text: string, length: number): string[] {
  return Array.from({ length: Math.max(1, text.length - length + 1) }, (_, start) =>
    text.slice(start, start + length),
  );
}
