import { OTHER } from "../buckets.ts";
import type { FailureCatalogue } from "../failure-catalogue.ts";
import type { Failure } from "../outcome.ts";
import { type Asked, DarajaError, silent } from "./error.ts";
import { PROVIDER } from "./observed-call.ts";

/** What came back over HTTP. */
export interface HttpAnswer {
  status: number;
  text: string;
  retryAfterSeconds?: number | undefined;
}

/** The fields of an answer of Daraja. */
export type Fields = Readonly<Record<string, unknown>>;

/** Says whether Daraja took the request; `isOk` of its HTTP status. */
export type IsTaken = (fields: Fields, isOk: boolean) => boolean;

/**
 * Reads what Daraja answered; gives its fields when it took the request, and throws DarajaError otherwise.
 *
 * Daraja says no by an HTTP status with an `errorCode`, and by 200 with a `ResponseCode` other than 0. What is neither,
 * such as a gateway's page, says nothing about what became of a request that moves money.
 */
export function readAnswer(
  answer: HttpAnswer,
  asked: Asked,
  catalogue: FailureCatalogue,
  isTaken: IsTaken = isAccepted,
): Fields {
  const { status, text } = answer;
  const fields = parseFields(text);
  const isOk = status >= 200 && status < 300;
  const code = codeOf(fields?.["errorCode"] ?? fields?.["ResponseCode"]);
  if (fields !== undefined && isTaken(fields, isOk)) return fields;
  if (code !== undefined && !isZero(code)) return refuse(answer, asked, catalogue, code);
  // Only a server's error and an answer that nobody can read leave it open.
  if (isOk || status >= 500) throw silent(asked, `HTTP ${status}`);
  return refuse(answer, asked, catalogue, undefined);
}

/** A code as Daraja writes it, as text; undefined of anything that may be something else, such as a phone number. */
export function codeOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || !/^[\w.]{1,20}$/.test(text) || /\d{8}/.test(text)) {
    return undefined;
  }
  return text;
}

/** The fields of a JSON object; undefined of any other text. */
export function parseFields(
  text: string,
  reviver?: (key: string, value: unknown) => unknown,
): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(text, reviver);
    return typeof parsed === "object" && parsed !== null ? (parsed as Fields) : undefined;
  } catch {
    // The caller says that it cannot be read.
    return undefined;
  }
}

function refuse(
  { status, retryAfterSeconds }: HttpAnswer,
  asked: Asked,
  catalogue: FailureCatalogue,
  providerCode: string | undefined,
): never {
  const found =
    providerCode === undefined ? undefined : catalogue.find(PROVIDER, asked.api, providerCode);
  const isKnown = found !== undefined && found.label !== OTHER;
  const { outcome, domain, retriable } = isKnown ? found : byStatus(status);
  const call = { outcome, domain, retriable, ...(isKnown && { code: found.label }) };
  const code = providerCode === undefined ? "" : `, ${providerCode}`;
  throw new DarajaError(
    "DARAJA_REFUSED",
    asked,
    `Daraja refused ${asked.operation}: HTTP ${status}${code}`,
    { call, providerCode, httpStatus: status, retryAfterSeconds },
  );
}

// A request that Daraja calls wrong is ours to put right, and one above its limit ours to send later.
function byStatus(status: number): Failure {
  const isTooMany = status === 429;
  if (status >= 300 && status < 500) {
    return { outcome: "failed", domain: "platform", retriable: isTooMany };
  }
  return { outcome: "failed", domain: "provider", retriable: true };
}

function isAccepted(fields: Fields, isOk: boolean): boolean {
  return isOk && isZero(fields["ResponseCode"]);
}

// "0" mostly, "00000000" of the registration of URLs, and 0 as a number of some answers.
function isZero(value: unknown): boolean {
  return /^0+$/.test(String(value));
}
