import { createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { createErrorBridge } from "../src/bridge-server.ts";
import { startErrorClient } from "../src/error-client.ts";
import { EXCEPTION, send, traces } from "./otlp-body.ts";
import { sentryServer } from "./sentry-server.ts";

const OUTAGE = {
  "finance.failure.domain": "provider",
  "finance.failure.code": "500.001.1001",
  "finance.provider.name": "safaricom",
};
const MESSAGES = ["push of pay_1 failed", "query of pay_2 failed"];

test("a provider's failures have one fingerprint on both ways, whatever their messages and stacks", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0 });
  const client = startErrorClient({ dsn: server.dsn, redactor: createRedactor() });
  for (const message of MESSAGES) client.capture(new Error(message), { attributes: OUTAGE });
  await client.close();
  const spans = MESSAGES.map((message, index) => ({
    spanId: `000000000000000${index + 1}`,
    exception: { ...EXCEPTION, "exception.message": message },
    attributes: OUTAGE,
  }));
  expect((await send(bridge.url, "/v1/traces", traces(...spans))).status).toBe(200);
  const prints = server.events().map(({ fingerprint }) => fingerprint);
  expect(prints).toHaveLength(4);
  expect(new Set(prints.map(String))).toEqual(
    new Set(["payment_processing,safaricom,500.001.1001"]),
  );
});

test.each([
  ["the platform's", { ...OUTAGE, "finance.failure.domain": "platform" }],
  ["one of no provider", { "finance.failure.domain": "network" }],
])("%s failure is grouped by its stack", async (_, attributes) => {
  await using server = await sentryServer();
  const client = startErrorClient({ dsn: server.dsn, redactor: createRedactor() });
  client.capture(new Error("failed"), { attributes });
  await client.close();
  expect(server.events().map(({ fingerprint }) => fingerprint)).toEqual([undefined]);
});

test("a failure without a code is told from others by its type, and its category is part of it", async () => {
  await using server = await sentryServer();
  const client = startErrorClient({ dsn: server.dsn, redactor: createRedactor() });
  const attributes = {
    "finance.failure.domain": "network",
    "finance.provider.name": "safaricom",
    "finance.error.category": "authentication",
  };
  client.capture(new RangeError("failed"), { attributes });
  await client.close();
  expect(server.events().map(({ fingerprint }) => fingerprint)).toEqual([
    ["authentication", "safaricom", "RangeError"],
  ]);
});
