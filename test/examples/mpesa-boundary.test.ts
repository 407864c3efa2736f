import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import { startDaraja } from "../../examples/mpesa-mcp/src/daraja.ts";
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
  expect(await getJson(`${rig.darajaUrl}/_leaks`)).toEqual([]);
  expect(received.map(({ path }) => path.replace(/\?.*/, ""))).toEqual([
    "/oauth/v1/generate",
    "/mpesa/stkpush/v1/processrequest",
  ]);
});

test("the fake Daraja names every request that tells it of a trace or carries baggage", async () => {
  await using daraja = await startDaraja();
  const ask = (headers: Record<string, string>) => fetch(`${daraja.url}/oauth/v1/x`, { headers });
  const written = vi.spyOn(console, "error").mockImplementation(() => {});
  await ask({});
  await ask({ traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" });
  await ask({ baggage: "tier=gold", "sentry-trace": "1" });
  const leaks = [
    { method: "GET", path: "/oauth/v1/x", headers: ["traceparent"] },
    { method: "GET", path: "/oauth/v1/x", headers: ["baggage", "sentry-trace"] },
  ];
  expect(await getJson(`${daraja.url}/_leaks`)).toEqual(leaks);
  expect(written.mock.calls).toEqual([
    ["daraja: GET /oauth/v1/x came with traceparent"],
    ["daraja: GET /oauth/v1/x came with baggage, sentry-trace"],
  ]);
});
