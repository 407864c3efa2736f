import { randomInt } from "node:crypto";
import type { Refusal } from "./scenarios.ts";

/** What the fake Daraja answers over HTTP. */
export interface DarajaAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string> | undefined;
}

export function ok(body: unknown): DarajaAnswer {
  return { status: 200, body };
}

/** A refusal in Daraja's documented shape. */
export function refuse({ status, errorCode, errorMessage, headers }: Refusal): DarajaAnswer {
  const requestId = `${randomInt(1000, 9999)}-${randomInt(1_000_000, 9_999_999)}-1`;
  return { status, headers, body: { requestId, errorCode, errorMessage } };
}

export function badRequest(what: string): DarajaAnswer {
  return refuse({ status: 400, errorCode: "400.002.02", errorMessage: `Bad Request - ${what}` });
}
