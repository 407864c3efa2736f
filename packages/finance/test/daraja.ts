import { money } from "@assay/semconv";
import { createDaraja, type Daraja, type DarajaOptions } from "../src/daraja/index.ts";
import { CONSUMER, SHORTCODE } from "./daraja-server.ts";
import type { Recorded } from "./telemetry.ts";

export const PUSH_ROUTE = "POST /mpesa/stkpush/v1/processrequest";
export const PUSH = {
  amount: money("KES", 150_000n),
  phone: "254700000001",
  reference: "INV-17",
  callbackUrl: "https://shop.example/callback/canary-callback-secret",
};
export const URLS = {
  resultUrl: "https://shop.example/result/canary-result-secret",
  timeoutUrl: "https://shop.example/timeout/canary-timeout-secret",
};
export const CANARIES = /canary|254700000001|Basic |Bearer |passkey/i;

export function client(baseUrl: string, more: Partial<DarajaOptions> = {}): Daraja {
  return createDaraja({
    baseUrl,
    ...CONSUMER,
    shortcode: SHORTCODE,
    passkey: "canary-passkey",
    initiator: { name: "canary-initiator", securityCredential: "canary-security-credential" },
    ...more,
  });
}

export const durations = (recorded: Recorded) =>
  recorded.series("finance.provider.call.duration", [
    "finance.provider.name",
    "finance.provider.operation.name",
    "finance.outcome",
    "finance.failure.domain",
    "error.type",
  ]);

/** All that left by telemetry and by errors, as text. */
export function seen(recorded: Recorded, errors: unknown[] = []): string {
  const spans = recorded.spans
    .getFinishedSpans()
    .map(({ name, attributes, status, events, links }) => [
      name,
      attributes,
      status,
      events,
      links,
    ]);
  const records = recorded.logs
    .getFinishedLogRecords()
    .map(({ body, attributes }) => [body, attributes]);
  const thrown = errors.map((error) => [error, String(error), (error as Error).stack]);
  return JSON.stringify([spans, records, thrown]);
}
