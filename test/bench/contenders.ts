import { createRedactor, type Redactor } from "@assay/redaction";
import slowRedact from "@pinojs/redact";
import { SyncRedactor } from "redact-pii";
import type { Attribute } from "./corpus.ts";
import { COMBINED, PATTERNS } from "./patterns.ts";

/** One way to redact attributes. */
export interface Rival {
  name: string;
  /** Prepares what is not measured, and gives what is: one pass over the attributes. */
  prepare: (attributes: readonly Attribute[]) => () => unknown;
  /** The value as it leaves; absent for what redacts nothing. */
  redact?: (attribute: Attribute) => unknown;
}

/** The name under which the first contender, to which all others are compared, is printed. */
export const ASSAY = "Assay";

const redactor: Redactor & { batch?: Batch } = createRedactor();
const pii = new SyncRedactor();
const pino = slowRedact({
  paths: [
    "password",
    "secret",
    "token",
    "authorization",
    "cookie",
    "pin",
    "cvv",
    "card.number",
    "card.cvv",
    "customer.phone",
    "customer.email",
    "customer.id",
    "account.number",
    "iban",
    "msisdn",
    "db.connection_string",
    "api_key",
    "access_token",
    "refresh_token",
    "client_secret",
    "private_key",
    "ssn",
    "national_id",
    "passport",
    "http.request.header.authorization",
    "http.request.header.cookie",
    "http.response.header.set-cookie",
    "http.request.header.x-api-key",
    "http.request.header.x-forwarded-auth",
    "request.body",
  ].map((key) => `["${key}"]`),
  serialize: false,
});

type Batch = (entries: readonly (readonly [key: string, value: unknown])[]) => unknown;

// Attributes that the egress gate looks at together: 512 spans of ten.
const TOGETHER = 5_120;

/** All contenders, Assay first; its batches only where the engine takes them. */
export const RIVALS: readonly Rival[] = [
  { name: ASSAY, ...perValue(({ key, value }) => redactor.value(key, value)) },
  ...(redactor.batch === undefined
    ? []
    : [{ name: "Assay, batches of 512 spans", prepare: inBatches }]),
  { name: "a bare charCodeAt loop", prepare: perValue(({ value }) => codesOf(value)).prepare },
  { name: "one combined regular expression", ...perText((text) => text.replace(COMBINED, "[x]")) },
  { name: "20 regular expressions", ...perText(replaceAll) },
  { name: "redact-pii 3.4.0", ...perText((text) => pii.redact(text)) },
  { name: "@pinojs/redact 0.4.0", prepare: perRecord, redact: throughPino },
];

function perValue(
  redact: (attribute: Attribute) => unknown,
): Omit<Rival, "name"> & { redact: typeof redact } {
  const prepare = (attributes: readonly Attribute[]) => () => {
    // Given back, so that no work is optimised away.
    let last: unknown;
    for (const attribute of attributes) last = redact(attribute);
    return last;
  };
  return { prepare, redact };
}

function inBatches(attributes: readonly Attribute[]): () => unknown {
  const entries = attributes.map(({ key, value }) => [key, value] as const);
  const batches: (typeof entries)[] = [];
  for (let at = 0; at < entries.length; at += TOGETHER) {
    batches.push(entries.slice(at, at + TOGETHER));
  }
  return () => {
    let last: unknown;
    for (const batch of batches) last = redactor.batch?.(batch);
    return last;
  };
}

// Those that take texts are spared the numbers.
function perText(redact: (text: string) => string): Omit<Rival, "name"> {
  return perValue(({ value }) => (typeof value === "string" ? redact(value) : value));
}

// @pinojs/redact goes by the paths of an object; one of ten attributes is what a span has.
function perRecord(attributes: readonly Attribute[]): () => unknown {
  const records: Record<string, unknown>[] = [];
  let record: Record<string, unknown> = {};
  for (const { key, value } of attributes) {
    if (key in record || Object.keys(record).length === 10) {
      records.push(record);
      record = {};
    }
    record[key] = value;
  }
  records.push(record);
  return () => {
    let last: unknown;
    for (const each of records) last = pino(each);
    return last;
  };
}

function throughPino({ key, value }: Attribute): unknown {
  return (pino({ [key]: value }) as Record<string, unknown>)[key];
}

function codesOf(value: string | number): number {
  let sum = 0;
  if (typeof value === "string") {
    for (let at = 0; at < value.length; at++) sum = (sum + value.charCodeAt(at)) | 0;
  }
  return sum;
}

function replaceAll(text: string): string {
  let out = text;
  for (const pattern of PATTERNS) out = out.replace(pattern, "[x]");
  return out;
}
