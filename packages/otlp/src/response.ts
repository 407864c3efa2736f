import type { ServerResponse } from "node:http";

/** The two forms of OTLP over HTTP. */
export type OtlpForm = "json" | "protobuf";

const CONTENT_TYPES = {
  json: "application/json",
  protobuf: "application/x-protobuf",
} as const;

const REJECTED_NAMES = {
  "/v1/traces": "rejectedSpans",
  "/v1/metrics": "rejectedDataPoints",
  "/v1/logs": "rejectedLogRecords",
} as const;

/** The paths of OTLP over HTTP. */
export type OtlpPath = keyof typeof REJECTED_NAMES;

/** Whether a path is one of OTLP's. */
export function isOtlpPath(path: string): path is OtlpPath {
  return Object.hasOwn(REJECTED_NAMES, path);
}

/** Answers an export: empty when all was taken, a partial success that says how many items were not, and why. */
export function sendExported(
  response: ServerResponse,
  {
    path,
    form,
    rejected,
    sentence = `${rejected} invalid items were not taken.`,
  }: { path: OtlpPath; form: OtlpForm; rejected: number; sentence?: string },
): void {
  if (form === "json") {
    const body = { [REJECTED_NAMES[path]]: String(rejected), errorMessage: sentence };
    send(response, 200, form, JSON.stringify(rejected === 0 ? {} : { partialSuccess: body }));
    return;
  }
  const partial = Buffer.concat([
    Buffer.of(0x08),
    varint(rejected),
    lengthPrefixed(0x12, sentence),
  ]);
  send(response, 200, form, rejected === 0 ? "" : lengthPrefixed(0x0a, partial));
}

/** Answers with a status and a sentence, as OTLP's Status message. */
export function sendProblem(
  response: ServerResponse,
  { status, form, sentence }: { status: number; form: OtlpForm; sentence: string },
): void {
  const body =
    form === "json" ? JSON.stringify({ message: sentence }) : lengthPrefixed(0x12, sentence);
  send(response, status, form, body);
}

function send(
  response: ServerResponse,
  status: number,
  form: OtlpForm,
  body: string | Buffer,
): void {
  response.writeHead(status, {
    "content-type": CONTENT_TYPES[form],
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function lengthPrefixed(tag: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.of(tag), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}
