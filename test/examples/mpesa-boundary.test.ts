import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { startRig } from "../../examples/mpesa-mcp/src/rig.ts";
import { TENANTS } from "../../examples/mpesa-mcp/src/tenants.ts";
import { getJson, waitFor } from "../support/wait.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";

const HEADERS = { authorization: `Bearer ${TENANTS[0]!.apiKey}` };

interface Received {
  path: string;
  headers: Record<string, string>;
}

test("the example's Daraja learns nothing of the trace that its client's spans are on", async () => {
  await using receiver = await startOtlpReceiver();
  await using rig = await startRig({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    RECONCILE_EVERY_MS: "0",
  });
  const response = await fetch(`${rig.serviceUrl}/payments`, {
    method: "POST",
    headers: {
      ...HEADERS,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
      baggage: "tier=gold",
    },
    body: JSON.stringify({ phone: "254712345601", amount: "10", reference: "INV-1" }),
  });
  const { id } = (await response.json()) as { id: string };
  await waitFor(
    async () =>
      (await getJson<{ status: string }>(`${rig.serviceUrl}/payments/${id}`, { headers: HEADERS }))
        .status === "completed",
    { what: `the callback of payment ${id}` },
  );
  const port = Number(new URL(rig.darajaUrl).port);
  const span = await receiver.waitForSpan(
    ({ kind, attributes }) => kind === 3 && attributes["server.port"] === port,
  );
  const received = await getJson<Received[]>(`${rig.darajaUrl}/_received`);
  const told = received.flatMap(({ headers }) =>
    Object.keys(headers).filter((name) => /^(?:trace|baggage|sentry|b3|x-)/.test(name)),
  );
  expect({ told, hasTraceId: JSON.stringify(received).includes(span.traceId) }).toEqual({
    told: [],
    hasTraceId: false,
  });
  expect(received.map(({ path }) => path.replace(/\?.*/, ""))).toEqual([
    "/oauth/v1/generate",
    "/mpesa/stkpush/v1/processrequest",
  ]);
});
